// Renders Markdown as Docusaurus does: node docusaurus.mjs FOLDER < texts.json > html.json
// FOLDER is a project in which npm has installed Docusaurus.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { text as read } from "node:stream/consumers";
import { join } from "node:path";

const folder = process.argv[2];
const require = createRequire(join(folder, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const loader = require.resolve("@docusaurus/mdx-loader");
const { createProcessorUncached } = require(join(loader, "..", "processor.js"));
const mdx = await import(pathToFileURL(join(folder, "node_modules/@mdx-js/mdx/index.js")).href);
const runtime = await load("react/jsx-runtime");
const { createElement } = await load("react");
const { renderToStaticMarkup } = (await load("react-dom/server")).default;

const ignore = { onBrokenMarkdownLinks: "ignore", onBrokenMarkdownImages: "ignore" };
const compat = { comments: true, admonitions: true, headingIds: true };
const options = {
  admonitions: true,
  outputFormat: "function-body",
  siteDir: folder,
  staticDirs: [],
  markdownConfig: { emoji: false, mermaid: false, mdx1Compat: compat, anchors: {}, hooks: ignore, remarkRehypeOptions: {} },
};
const processor = await createProcessorUncached({ options, format: "md" });
const box = ({ children }) => createElement("div", null, children);
// The theme shows the title of code above it.
const pre = ({ children }) => {
  const title = /title="([^"]*)"/.exec(children?.props?.metastring || "");
  return createElement("div", null, title && createElement("p", null, title[1]), createElement("pre", null, children));
};
const components = { admonition: box, pre };

const rendered = [];
const filePath = join(folder, "docs/a.md");
for (const text of JSON.parse(await read(process.stdin))) {
  try {
    const { content } = await processor.process({ content: text, filePath, frontMatter: {} });
    const { default: Content } = await mdx.run(content, { ...runtime, useMDXComponents: () => components });
    rendered.push(renderToStaticMarkup(createElement(Content)));
  } catch (error) {
    rendered.push({ error: String(error.cause || error) });
  }
}
process.stdout.write(JSON.stringify(rendered));
