/** What this package uses of its own dependencies, so that the product's type check does not need them installed. */
declare module 'koffi' {
  type Type = { readonly name: string };
  interface Library {
    func(prototype: string): (...values: readonly unknown[]) => number;
  }
  const koffi: {
    load(path: string): Library;
    struct(name: string, fields: Readonly<Record<string, string | Type>>): Type;
    array(type: string, length: number): Type;
    proto(prototype: string): Type;
    pointer(type: Type): Type;
    register(callback: (samples: unknown, count: number, list: unknown) => number, type: Type): unknown;
    decode(from: unknown, type: string, length: number): readonly number[];
    decode(from: unknown, offset: number, type: string): unknown;
  };
  export default koffi;
}

declare module 'sharp' {
  interface Picture {
    png(options?: { readonly compressionLevel: number }): Picture;
    toFile(file: string): Promise<unknown>;
  }
  export default function sharp(svg: Buffer): Picture;
}
