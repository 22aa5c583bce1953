/** The shop's data is CommonJS, because mongosh can `require` nothing else. */
declare module '*/shop-data.cjs' {
  export interface Customer {
    readonly id: number;
    readonly name: string;
    readonly region: string;
    readonly country: string;
  }
  export function customers(): readonly Customer[];
}
