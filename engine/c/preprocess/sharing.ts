// Sharing of segments between translation units: which segments a run replays from earlier runs, which it records for
// later runs, and the values of `__COUNTER__` in them. segment.ts defines when a segment may be reused.
import type { Diagnostic } from "../lex/index.js";
import type { Expander } from "./expand.js";
import { type Frame, locOf } from "./frame.js";
import type { TokenOutput } from "./output.js";
import { type Chunk, Recording } from "./segment.js";
import type { LexedFile } from "./lexed-file.js";

/** Values of `__COUNTER__` reserved for one segment of a header. */
const COUNTS = 1000;

/** First counter value of a segment: the same in every run, and far above what a main file counts to. */
function counterBase(path: string, next: number): number {
  let h = next;
  for (let i = 0; i < path.length; i++) h = (Math.imul(h, 31) + path.charCodeAt(i)) | 0;
  return (1_000_000 + (h >>> 0)) * COUNTS;
}

export class Sharing {
  /** The run's tokens in the pieces in which they are shared; empty where none are. The last piece has the final Eof. */
  readonly chunks: Chunk[] = [];
  private counter = 0;
  /** Counter bases in use in this run. */
  private readonly counting = new Set<number>();

  constructor(
    private active: boolean,
    private readonly main: string,
    private readonly expander: Expander,
    private readonly output: TokenOutput,
    private readonly diagnostics: Diagnostic[],
    private readonly once: Set<string>,
  ) {}

  /** A segment begins in the frame: replays it from an earlier run, or starts to record it. */
  beginSegment(frame: Frame): void {
    if (this.active && !this.replay(frame)) this.expander.recording = new Recording(frame.next, this.diagnostics.length);
  }

  private replay(frame: Frame): boolean {
    const { expander } = this;
    const segment = frame.file.segments.find(frame.next, expander.ids, frame.name);
    if (segment === undefined || (segment.counted && !this.claimCounter(frame.file, frame.next))) return false;
    this.flush(frame);
    if (segment.chunk !== undefined) this.chunks.push(segment.chunk);
    expander.apply(segment.changes);
    this.diagnostics.push(...segment.diagnostics);
    if (segment.once) this.once.add(frame.file.path);
    frame.pos = segment.pos;
    frame.limit = segment.limit;
    frame.next = segment.next;
    return true;
  }

  /** The segment ends before a #include or at the end of the file. `keep`: later runs may reuse it. */
  endSegment(frame: Frame, keep: boolean): void {
    if (!this.active) return;
    const { expander } = this;
    const { recording } = expander;
    expander.recording = undefined;
    const chunk = this.flush(frame);
    if (recording === undefined || recording.spoiled || frame.lineShift !== 0 || !keep) return;
    frame.file.segments.add(recording.next, {
      consulted: recording.names(),
      changes: Int32Array.from(recording.changes),
      chunk,
      diagnostics: this.diagnostics.slice(recording.diagnosticsBefore),
      once: recording.once,
      fileName: recording.fileName,
      counted: recording.counted > 0,
      pos: frame.pos,
      limit: frame.limit,
      next: frame.next,
    });
  }

  private flush(frame: Frame): Chunk | undefined {
    const { file } = frame;
    return this.take(file.path, frame.next < file.dirCount ? locOf(frame, file.dirHash[frame.next] ?? 0) : file.base + file.text.length);
  }

  /** Makes a chunk of the output since the last chunk, if there is any. */
  take(path: string, end: number): Chunk | undefined {
    const chunk = this.output.take(path, end);
    if (chunk !== undefined) this.chunks.push(chunk);
    return chunk;
  }

  /** No segment is shared from here on: with a #include in the arguments of a macro call, no text is independent. */
  stop(): void {
    this.active = false;
    this.expander.recording = undefined;
  }

  /** The open segment depends on the run itself and must not be reused. */
  spoil(): void {
    if (this.expander.recording !== undefined) this.expander.recording.spoiled = true;
  }

  /** `__FILE__` of the open file. */
  nameOf(frame: Frame): string {
    if (this.expander.recording !== undefined) this.expander.recording.fileName = frame.name;
    return frame.name;
  }

  /** Reserves the segment's values of `__COUNTER__`; false where another segment of this run has the same values. */
  private claimCounter(file: LexedFile, next: number): boolean {
    const base = counterBase(file.path, next);
    if (this.counting.has(base)) return false;
    this.counting.add(base);
    return true;
  }

  /** The next value of `__COUNTER__`. A shared segment of a header has its own values, independent of earlier includes. */
  count(frame: Frame): number {
    const { recording } = this.expander;
    if (recording === undefined) return this.counter++;
    const { file } = frame;
    if (file.path === this.main || recording.spoiled || (recording.counted === 0 && !this.claimCounter(file, recording.next))) {
      recording.spoiled = true;
      return this.counter++;
    }
    return counterBase(file.path, recording.next) + recording.counted++;
  }
}
