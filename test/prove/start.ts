/** A lesson's start, to come back to after each mistake. */
export interface Start {
  restore(): Promise<void>;
  discard(): Promise<void>;
}
