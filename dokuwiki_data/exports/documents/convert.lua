-- Writes documents by pandoc, one after another: see https://pandoc.org/lua-filters.html#module-pandoc.
-- Standard input has two lines for each: what to do, as JSON, and the document, as the JSON of pandoc's AST. Standard
-- output gets a line: "done", or why there is no document.

-- The images of a document are in pandoc's media bag, where its writers look first. What is not there is replaced by its
-- caption, so that no writer ever opens a file or an address.
local function with_images(document, images)
  pandoc.mediabag.empty()
  local wanted, given = {}, {}
  for _, image in ipairs(images) do
    wanted[image[1]] = image[2]
  end
  return document:walk {
    Image = function(image)
      local path = wanted[image.src]
      if path and not given[image.src] then
        local file = io.open(path, "rb")
        if file then
          pandoc.mediabag.insert(image.src, nil, file:read("a"))
          file:close()
          given[image.src] = true
        end
      end
      if not given[image.src] then
        return image.caption
      end
    end,
  }
end

-- Links within a document lead to anchors that are there; others are their text.
local function with_anchors(document)
  local anchors = {}
  local function note(element)
    anchors[element.identifier] = true
  end
  document:walk { Header = note, Div = note, Span = note, Table = note, CodeBlock = note, Code = note }
  return document:walk {
    Link = function(link)
      if link.target:sub(1, 1) == "#" and not anchors[link.target:sub(2)] then
        return link.content
      end
    end,
  }
end

-- The template that makes a whole file of a format, as `pandoc --standalone` does; some formats need none.
local templates = {}
local function template_of(name)
  if templates[name] == nil then
    local is_there, text = pcall(pandoc.template.default, name)
    templates[name] = is_there and pandoc.template.compile(text) or false
  end
  return templates[name] or nil
end

local function write(order, text)
  local document = with_anchors(with_images(pandoc.read(text, "json"), order.images))
  local options = pandoc.WriterOptions {
    template = template_of(order.format),
    table_of_contents = order.contents,
  }
  local output = assert(io.open(order.output, "wb"))
  output:write(pandoc.write(document, order.format, options))
  output:close()
end

for line in io.lines() do
  local is_done, reason = pcall(write, pandoc.json.decode(line), io.read("l"))
  io.write(is_done and "done" or tostring(reason):gsub("%s+", " "), "\n")
  io.flush()
end
