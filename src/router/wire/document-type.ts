/** A decoded document; values keep their BSON types where they were decoded with `decodeExact`. */
// biome-ignore lint/suspicious/noExplicitAny: a document's fields are only known to the server that wrote them
export type Document = Record<string, any>;
