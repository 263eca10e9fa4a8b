// The findings as a tree view: a branch for each variant, worst first, silent accesses folded. Enter shows the line; the
// item's menu has the other actions. Must not depend on a webview.

import * as vscode from "vscode";
import type { Finding, VariantName } from "../../engine/protocol.js";
import { disposeAll, type Disposes, findingPlace, inReadingOrder, outcomeWords, ownCondition, plural, severityMark, severityWord } from "../base/index.js";
import type { ReviewSession } from "../review/index.js";

export const findingsViewId = "tceScope.findings";

/** More silent findings than this are folded: after the first few they add little. */
const mostSilent = 3;

export interface FindingNode {
  readonly kind: "finding";
  readonly variant: VariantName;
  /** Index into the variant's findings. */
  readonly index: number;
  readonly finding: Finding;
}
type Node = FindingNode | { readonly kind: "variant"; readonly variant: VariantName } | { readonly kind: "silent"; readonly variant: VariantName };

export class FindingsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: readonly Disposes[];
  #shown: unknown;

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#view = vscode.window.createTreeView(findingsViewId, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [this.#view, this.#changed, session.onDidChange(() => this.#update())];
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  #update(): void {
    const { result, stale, running } = this.#session;
    this.#view.message = stale && !running ? vscode.l10n.t("The tree was edited after this run.") : "";
    if (result === this.#shown) return;
    this.#shown = result;
    const count = (result?.before.findings.length ?? 0) + (result?.after?.findings.length ?? 0);
    this.#view.badge = count === 0 ? undefined : { value: count, tooltip: count === 1 ? vscode.l10n.t("1 finding") : vscode.l10n.t("{0} findings", count) };
    this.#changed.fire(undefined);
  }

  getChildren(parent?: Node): readonly Node[] & Node[] {
    const { result } = this.#session;
    if (result === undefined) return [];
    if (parent === undefined) return (["before", "after"] as const).filter((v) => result[v] !== undefined).map((variant) => ({ kind: "variant", variant }));
    if (parent.kind === "finding") return [];
    const findings = result[parent.variant]?.findings ?? [];
    const nodes = inReadingOrder(findings).map((finding): FindingNode => ({
      kind: "finding",
      variant: parent.variant,
      index: findings.indexOf(finding),
      finding,
    }));
    const silent = nodes.filter(({ finding }) => finding.severity === "silent");
    if (parent.kind === "silent") return silent;
    if (silent.length <= mostSilent) return nodes;
    return [...nodes.filter(({ finding }) => finding.severity !== "silent"), { kind: "silent", variant: parent.variant }];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case "variant":
        return this.#variantItem(node.variant);
      case "silent": {
        const count = (this.#session.result?.[node.variant]?.findings ?? []).filter(({ severity }) => severity === "silent").length;
        const item = new vscode.TreeItem(vscode.l10n.t("{0} silent accesses", count), vscode.TreeItemCollapsibleState.Collapsed);
        item.id = `${node.variant} silent`;
        item.iconPath = iconOf("silent");
        item.tooltip = vscode.l10n.t("Uses of freed memory that a production kernel does not report. A KASAN kernel reports them.");
        return item;
      }
      case "finding":
        return findingItem(node);
    }
  }

  #variantItem(variant: VariantName): vscode.TreeItem {
    const { result } = this.#session;
    const own = result?.[variant];
    const name = variant === "after" ? vscode.l10n.t("With the patch") : result?.after === undefined ? vscode.l10n.t("The tree") : vscode.l10n.t("Before");
    const count = own?.findings.length ?? 0;
    const item = new vscode.TreeItem(name, count > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None);
    // With and without findings the ids differ, since VS Code remembers by id whether an item is unfolded.
    item.id = `${variant} ${count > 0 ? "found" : "none"}`;
    item.description = count === 0 && own !== undefined ? outcomeWords(own) : plural(count, "finding");
    item.iconPath = new vscode.ThemeIcon(count > 0 ? "circle-filled" : own?.outcome === "cannot-judge" ? "question" : "pass");
    if (own !== undefined) item.tooltip = own.covered.text;
    return item;
  }
}

function findingItem({ finding, variant, index }: FindingNode): vscode.TreeItem {
  const place = findingPlace(finding);
  const item = new vscode.TreeItem(finding.function, vscode.TreeItemCollapsibleState.None);
  item.id = `${variant} ${index} ${finding.kind} ${finding.file}:${finding.line}`;
  const file = place.file.slice(place.file.lastIndexOf("/") + 1);
  const what =
    finding.severity === "silent" && finding.access !== undefined ? `${finding.access.type} ${finding.access.text}` : finding.kind.replaceAll("-", " ");
  item.description = [`${file}:${place.line}`, what, finding.count > 1 ? `× ${finding.count}` : undefined].filter((part) => part !== undefined).join(" · ");
  item.iconPath = iconOf(finding.severity);
  item.contextValue = "finding";
  item.tooltip = [
    `${severityMark(finding.severity)}: ${finding.message}`,
    `${finding.file}:${finding.line}, ${finding.thread}`,
    ...[ownCondition(finding)].filter((own) => own !== undefined),
  ].join("\n");
  item.accessibilityInformation = { label: `${severityWord(finding.severity)}: ${finding.function}, ${file}:${place.line}. ${finding.message}` };
  item.command = { command: "tceScope.showFinding", title: vscode.l10n.t("Go to Line"), arguments: [variant, index] };
  return item;
}

/** The shapes differ as well as the colours. */
function iconOf(severity: Finding["severity"]): vscode.ThemeIcon {
  switch (severity) {
    case "oops":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
    case "silent":
      return new vscode.ThemeIcon("debug-breakpoint-data-unverified", new vscode.ThemeColor("list.warningForeground"));
    case "warning":
      return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  }
}
