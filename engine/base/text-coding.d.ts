// UTF-8 coding, which every host provides but TypeScript declares only together with the DOM or Node. Included only by the
// engine's project: the hosts have their own declarations.

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer): string;
}
