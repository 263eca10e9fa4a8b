// From files to one token stream: directives, macro expansion, includes (C11 6.10 with GNU extensions).
// Must not depend on types, declarations or the kernel.

export { PpCache } from "./cache.js";
export { excerpt, explain, type Explained, explainedText, type Sources } from "./explain.js";
export { IncludeMemory, type Supplied, SUPPLIED_PREFIX } from "./includes.js";
export type { PreprocessOptions, Trail } from "./options.js";
export { chunkOf, joinChunks } from "./output.js";
export { PREDEFINED } from "./predefined.js";
export { preprocess, type Preprocessed, trailOf } from "./preprocess.js";
export type { Chunk } from "./segment.js";
