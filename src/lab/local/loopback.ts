/** Every server here listens on this address only. */
export const loopback = '127.0.0.1';
