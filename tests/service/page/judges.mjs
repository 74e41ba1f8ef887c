// The page, judged by tools that nobody here wrote: html-validate, csp_evaluator, and the compiler of TypeScript.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { HtmlValidate } from "html-validate";
import ts from "typescript";

const { PAGE_URL, PAGE_SOURCES } = process.env;

test("html-validate finds nothing wrong with the page as it is sent", async () => {
  const html = await (await fetch(`${PAGE_URL}/`)).text();
  const report = await new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "void-style": ["error", { style: "omit" }] } }).validateString(html);
  assert.deepEqual(report.results.flatMap((each) => each.messages), []);
});

test("csp_evaluator finds nothing wrong with the policy", async () => {
  const policy = (await fetch(`${PAGE_URL}/`)).headers.get("content-security-policy");
  const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
  // 'self' for scripts is safe where nothing of others is served inline: 60 and above are notes and "maybe".
  assert.deepEqual(findings.filter((each) => each.severity < 50), []);
});

test("the compiler of TypeScript finds nothing wrong with the modules", () => {
  const files = fs.readdirSync(PAGE_SOURCES).filter((each) => each.endsWith(".js")).map((each) => path.join(PAGE_SOURCES, each));
  assert.ok(files.length > 10);
  for (const file of files) assert.ok(fs.readFileSync(file, "utf8").startsWith("// @ts-check\n"), file);
  const program = ts.createProgram(files, { allowJs: true, checkJs: true, noEmit: true, strict: true, noImplicitAny: true,
    useUnknownInCatchVariables: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], types: [] });
  const host = { getCanonicalFileName: (each) => each, getCurrentDirectory: () => PAGE_SOURCES, getNewLine: () => "\n" };
  assert.equal(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host), "");
});
