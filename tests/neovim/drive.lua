-- Run by tests/neovim/run: what a user sees in Neovim, from 0.7 on, with our plugin and the real server.
local passed, failed = 0, 0

local function check(what, ok, seen)
  if ok then
    passed = passed + 1
    print("ok     " .. what .. "\n")
  else
    failed = failed + 1
    print("FAILED " .. what .. (seen ~= nil and ": " .. vim.inspect(seen) or "") .. "\n")
  end
end

local function eventually(what, holds, seen)
  local ok = vim.wait(20000, holds, 20)
  check(what, ok, not ok and seen and seen() or nil)
end

local folder = vim.env.AIR_TEST_FOLDER
local air = require("air")

local function open(name)
  vim.cmd("edit " .. folder .. "/" .. name)
  return vim.api.nvim_get_current_buf()
end

local function lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
end

local function request(buffer, method, params)
  params.textDocument = { uri = vim.uri_from_bufnr(buffer) }
  local answers, failure = vim.lsp.buf_request_sync(buffer, method, params, 20000)
  for _, answer in pairs(answers or {}) do
    return answer.result, answer.error
  end
  return nil, failure
end

local function servers()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()
end

local function main()
  -- Which files are AIR.
  local other = folder .. "/other.air"
  vim.fn.writefile({ "trace_columns {", "  main: [a, b]", "}" }, other)
  vim.cmd("edit " .. other)
  check("a file of another language is left alone", vim.bo.filetype ~= "air", vim.bo.filetype)

  local broken = open("broken.air")
  check("the filetype is found", vim.bo.filetype == "air", vim.bo.filetype)
  check("one space per level", vim.bo.shiftwidth == 1 and vim.bo.expandtab, vim.bo.shiftwidth)
  check("the comment string", vim.bo.commentstring == "; %s", vim.bo.commentstring)
  eventually("the server starts and attaches", function()
    return air.client(broken) ~= nil
  end)

  -- Diagnostics.
  local function found(text)
    for _, diagnostic in ipairs(vim.diagnostic.get(broken)) do
      if diagnostic.message:find(text, 1, true) then
        return diagnostic
      end
    end
  end
  local function all()
    return vim.tbl_map(function(diagnostic)
      return { diagnostic.lnum, diagnostic.col, diagnostic.end_col, diagnostic.code or "", diagnostic.message }
    end, vim.diagnostic.get(broken))
  end
  local function at(diagnostic, line, text)
    return diagnostic ~= nil
      and diagnostic.lnum == line
      and lines(broken)[line + 1]:sub(diagnostic.col + 1, diagnostic.end_col) == text
  end
  eventually("mistakes are reported", function()
    return #vim.diagnostic.get(broken) >= 3
  end, all)
  check("the misspelt instruction at its word, with the right one", at(found("did you mean `seq`"), 6, "sqe"), all())
  check("the misspelt variable at its word, with the right one", at(found("`neighbors`"), 4, "neighbours"), all())
  check("the missing bracket on its line", (found("`)` is missing") or {}).lnum == 13, all())
  check("every diagnostic has a code and says who reports it", (function()
    for _, diagnostic in ipairs(vim.diagnostic.get(broken)) do
      local sent = ((diagnostic.user_data or {}).lsp or {})
      if not (diagnostic.code or sent.code) or not diagnostic.source then
        return false
      end
    end
    return true
  end)(), vim.diagnostic.get(broken)[1])

  -- An edit fixes one of them; the others stay.
  vim.api.nvim_buf_set_text(broken, 6, 2, 6, 5, { "seq" })
  eventually("fixing it removes the diagnostic", function()
    return found("did you mean `seq`") == nil and found("`neighbors`") ~= nil
  end, all)
  vim.cmd("silent undo")
  eventually("undoing brings it back", function()
    return found("did you mean `seq`") ~= nil
  end, all)
  -- Characters of two and four bytes before the place: columns must not slip.
  vim.api.nvim_buf_set_lines(broken, 0, 1, false, { "; é 😀" })
  vim.api.nvim_buf_set_text(broken, 3, 2, 3, 2, { '(call "é😀" ("s" "f") [unknown_one]) ' })
  eventually("columns are right after wide characters", function()
    return at(found("unknown_one"), 3, "unknown_one")
  end, all)

  -- Layout.
  local script = open("given.air")
  eventually("a second buffer is served", function()
    return air.client(script) ~= nil
  end)
  local before = lines(script)
  if vim.lsp.buf.format then
    vim.lsp.buf.format({ timeout_ms = 20000, bufnr = script })
  else
    vim.lsp.buf.formatting_sync(nil, 20000)
  end
  local after = lines(script)
  check("formatting changes the layout", not vim.deep_equal(before, after), after)
  check("to one space per level", after[4] == " (call relay (\"op\" \"noop\") [])", after)
  check("and keeps the comments", after[1] == before[1] and after[2] == before[2], after)
  local edits = request(script, "textDocument/formatting", { options = { tabSize = 1, insertSpaces = true } })
  check("formatting again changes nothing", edits == nil or edits == vim.NIL or #edits == 0, edits)
  local worse = vim.diagnostic.get(script, { severity = { min = vim.diagnostic.severity.WARN } })
  check("a script with given names has no errors", #worse == 0, worse)

  -- Structural editing, by keys.
  local forms = folder .. "/forms.air"
  vim.fn.writefile({ "(seq", ' (call "é😀" ("s" "f") [one] two three)', " (null)", ")" }, forms)
  vim.cmd("edit " .. forms)
  forms = vim.api.nvim_get_current_buf()
  eventually("a buffer for structural editing", function()
    return air.client(forms) ~= nil
  end)
  local function keys(what, typed, row, col, line, text, at)
    vim.api.nvim_win_set_cursor(0, { row, col })
    -- In a script all changes are undone together, unless it says otherwise.
    vim.bo.undolevels = vim.bo.undolevels
    vim.cmd("normal " .. typed)
    local cursor, now = vim.api.nvim_win_get_cursor(0), lines(forms)
    local under = now[cursor[1]]:sub(cursor[2] + 1, cursor[2] + 1)
    check(what, now[line] == text and cursor[1] == at[1] and cursor[2] == at[2], { now, cursor, under })
  end
  local head = ' (call "é😀" ("s" "f") '
  keys(">) takes in the next form", ">)", 2, #head + 1, 2, head .. "[one two] three)", { 2, #head + 1 })
  vim.cmd("normal .")
  check("and . the next one", lines(forms)[2] == head .. "[one two three])", lines(forms))
  keys("<) releases the last one", "<)", 2, #head + 1, 2, head .. "[one two] three)", { 2, #head + 1 })
  keys(">f drags a form", ">f", 2, #head + 1, 2, head .. "[two one] three)", { 2, #head + 5 })
  vim.cmd("silent undo")
  check("which is undone at once", lines(forms)[2] == head .. "[one two] three)", lines(forms))
  keys(") goes to the closing bracket", ")", 2, #head + 1, 2, head .. "[one two] three)", { 2, #head + 8 })
  keys("a count to the one around it", "2)", 2, #head + 1, 2, head .. "[one two] three)", { 2, #head + 15 })
  keys("( goes to the opening bracket", "(", 2, #head + 1, 2, head .. "[one two] three)", { 2, #head })
  local kill = (vim.g.maplocalleader or "\\") .. "d"
  keys("a form is deleted", kill, 3, 3, 3, ")", { 3, 0 })
  check("and kept in the register", vim.fn.getreg('"'):find("(null)", 1, true) ~= nil, vim.fn.getreg('"'))
  vim.cmd("silent undo")
  keys("a list is spliced", (vim.g.maplocalleader or "\\") .. "@", 1, 2, 1, head:sub(2) .. "[one two] three)", { 1, 0 })
  vim.cmd("edit!")
  air.setup({ keys = false })
  vim.cmd("edit " .. folder .. "/without.air")
  check("the keys can be turned off", vim.fn.maparg(">)", "n") == "", vim.fn.maparg(">)", "n"))
  air.setup({ keys = true })

  -- Outline, colours, names.
  local greeting = open("greeting.air")
  eventually("a third buffer is served", function()
    return air.client(greeting) ~= nil
  end)
  local symbols, failure = request(greeting, "textDocument/documentSymbol", {})
  local names = vim.inspect(symbols or failure)
  check("the outline names services, functions and outputs", names:find("greeter.hello", 1, true) and names:find("%$greetings"), names)
  local tokens
  tokens, failure = request(greeting, "textDocument/semanticTokens/full", {})
  check("semantic tokens come in fives", tokens and #tokens.data > 100 and #tokens.data % 5 == 0, failure or tokens)
  local highlights
  highlights, failure = request(greeting, "textDocument/documentHighlight", { position = { line = 5, character = 9 } })
  check("all places of a name are found", highlights and #highlights == 3, failure or highlights)
  local ranges
  ranges, failure = request(greeting, "textDocument/foldingRange", {})
  check("instructions fold", ranges and #ranges > 3, failure or ranges)

  -- A run: its results are shown until the next edit.
  local uri = vim.uri_from_bufnr(greeting)
  local report
  report, failure = request(greeting, "workspace/executeCommand", { command = "air.run", arguments = { { uri = uri } } })
  check("a script runs", report and report.outcome and #report.values > 0, failure or report)
  local everywhere = { start = { line = 0, character = 0 }, ["end"] = { line = 100, character = 0 } }
  local function values()
    local hints = request(greeting, "textDocument/inlayHint", { range = everywhere }) or {}
    return vim.tbl_filter(function(hint)
      local label = type(hint.label) == "string" and hint.label or hint.label[1].value
      return label:find("^[=≈]") ~= nil
    end, hints)
  end
  check("its values appear beside the names that received them", #values() > 0, values())
  local function of_run()
    return vim.tbl_filter(function(diagnostic)
      return diagnostic.source == "air run"
    end, vim.diagnostic.get(greeting))
  end
  vim.api.nvim_buf_set_lines(greeting, 0, 0, false, { "; edited" })
  check("an edit removes them", #values() == 0, values())
  vim.cmd("silent undo")

  -- What fails is a diagnostic of the run.
  local failing = folder .. "/failing.air"
  vim.fn.writefile({ '(seq (ap 1 x) (fail 7 "seven"))' }, failing)
  vim.cmd("edit " .. failing)
  greeting = vim.api.nvim_get_current_buf()
  eventually("one more buffer is served", function()
    return air.client(greeting) ~= nil
  end)
  uri = vim.uri_from_bufnr(greeting)
  request(greeting, "workspace/executeCommand", { command = "air.run", arguments = { { uri = uri } } })
  eventually("an error of a run is a diagnostic of its own", function()
    return #of_run() > 0 and of_run()[1].message:find("seven", 1, true) ~= nil
  end, of_run)
  vim.api.nvim_buf_set_lines(greeting, 0, 0, false, { "; edited" })
  eventually("that an edit removes", function()
    return #of_run() == 0
  end, of_run)
  vim.cmd("silent undo")
  greeting = open("greeting.air")

  -- The plugin's own commands for runs.
  local space = vim.api.nvim_get_namespaces().air_results
  local function drawn()
    local texts = {}
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(greeting, space, 0, -1, { details = true })) do
      texts[mark[2] + 1] = mark[4].virt_text[1][1]
    end
    return texts
  end
  local function shows_values()
    if vim.lsp.inlay_hint then
      return vim.lsp.inlay_hint.is_enabled({ bufnr = greeting }) and #values() > 0
    end
    return drawn()[5] == '  neighbors = ["@peer-a", "@peer-b", "@peer-c"]'
  end
  vim.cmd("AirRun")
  eventually(":AirRun shows values beside their names", shows_values, drawn)
  local kept = vim.fn.json_decode(vim.api.nvim_buf_get_var(greeting, "air_report"))
  check("and keeps the report", kept.coverage.executed > 0, kept.coverage)
  eventually("what did not run is a diagnostic", function()
    return #of_run() == 3 and of_run()[1].message:find("not executed: only after an error", 1, true) ~= nil
  end, of_run)
  local said
  local echo, notify = vim.api.nvim_echo, vim.notify
  vim.api.nvim_echo = function(chunks)
    said = chunks[1][1]
  end
  vim.notify = function(text)
    said = text
  end
  vim.api.nvim_win_set_cursor(0, { 21, 9 })
  vim.cmd("AirExplain")
  eventually(":AirExplain shows why the part under the cursor did not run", function()
    return said ~= nil and said:find("not executed", 1, true) ~= nil
  end, function()
    return said
  end)
  vim.cmd("AirExplain!")
  eventually(":AirExplain! lists all of them", function()
    return #vim.fn.getloclist(0) > 0
  end)
  vim.cmd("silent! lclose")
  local list = vim.lsp.codelens.get(greeting)
  eventually("the lens shows the outcome", function()
    list = vim.lsp.codelens.get(greeting)
    return list[1] and list[1].command and list[1].command.title:find("instructions ran", 1, true) ~= nil
  end, function()
    return list
  end)
  vim.cmd("AirDiagram")
  eventually(":AirDiagram shows who called whom", function()
    return vim.bo.filetype == "mermaid" and lines(0)[1]:find("sequenceDiagram", 1, true) ~= nil
  end, function()
    return lines(0)
  end)
  vim.cmd("silent! bwipeout")
  vim.api.nvim_set_current_buf(greeting)
  vim.api.nvim_buf_set_lines(greeting, 0, 0, false, { "; edited" })
  eventually("an edit removes what is drawn", function()
    return vim.tbl_isempty(drawn()) and #of_run() == 0
  end, drawn)
  vim.cmd("silent undo")
  vim.api.nvim_win_set_cursor(0, { 3, 0 })
  eventually("the lens of a script that has not been run", function()
    -- Neovim drops a request for lenses while another one is running.
    vim.lsp.codelens.refresh()
    list = vim.lsp.codelens.get(greeting)
    return #list == 2 and list[1].command and list[1].command.title == "▶ Run"
  end, function()
    return list
  end)
  -- Two lenses on the line: the first is chosen.
  local select = vim.ui.select
  vim.ui.select = function(items, _, choose)
    choose(items[1], 1)
  end
  vim.lsp.codelens.run()
  eventually("running the lens shows values as well", shows_values, drawn)
  -- From 0.12 on it is asked for when the lenses have come, and would wait for a key.
  vim.ui.select = select
  vim.cmd("AirClear")
  eventually(":AirClear removes them", function()
    return vim.tbl_isempty(drawn()) and #values() == 0
  end, drawn)

  -- Sample data.
  vim.cmd("AirGenerateSample")
  eventually(":AirGenerateSample opens a new file with sample data", function()
    return vim.api.nvim_buf_get_name(0):find("greeting.sample.json", 1, true) ~= nil and #lines(0) > 5
  end, function()
    return { vim.api.nvim_buf_get_name(0), lines(0) }
  end)
  check("that is for this script", table.concat(lines(0), "\n"):find('"greeter"', 1, true) ~= nil, lines(0))
  vim.cmd("silent write")
  eventually("the server knows sample data", function()
    return require("air").client(vim.api.nvim_get_current_buf()) ~= nil
  end)
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { "{", ' "servises": 1', "}" })
  eventually("and what is wrong in it", function()
    local found = vim.diagnostic.get(0)[1]
    return found ~= nil and found.lnum == 1 and found.message:find("unknown member", 1, true) ~= nil
  end, function()
    return vim.diagnostic.get(0)
  end)
  vim.cmd("silent edit! | close")
  vim.api.nvim_set_current_buf(greeting)
  vim.cmd("AirGenerateSample")
  eventually("an existing file is not written again", function()
    return said:find("already exists", 1, true) ~= nil
  end)
  vim.cmd("close")
  vim.cmd("AirRun")
  eventually("the next run uses it", function()
    list = vim.lsp.codelens.get(greeting)
    return #list > 2 and list[2].command.title:find("greeting.sample.json · ", 1, true) ~= nil
  end, function()
    return list
  end)
  vim.fn.delete(folder .. "/greeting.sample.json")
  vim.cmd("AirClear")
  local bare = folder .. "/bare.air"
  vim.fn.writefile({ "(seq", ' (call "p" ("s" "f") [] x)', ' (call x.$.peer ("s" "g") []))' }, bare)
  vim.cmd("edit " .. bare)
  bare = vim.api.nvim_get_current_buf()
  eventually("a buffer without sample data", function()
    return air.client(bare) ~= nil
  end)
  vim.cmd("AirGenerateSample!")
  eventually(":AirGenerateSample! writes annotations", function()
    return lines(bare)[2]:find("; ok = ", 1, true) ~= nil
  end, function()
    return { lines(bare), said }
  end)
  vim.cmd("silent undo | silent write")
  vim.api.nvim_set_current_buf(greeting)

  vim.api.nvim_echo, vim.notify = echo, notify

  -- The readable view.
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.cmd("AirBeautify")
  local view
  eventually(":AirBeautify opens a view", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      local buffer = vim.api.nvim_win_get_buf(window)
      if vim.api.nvim_buf_get_name(buffer):find("air-view:", 1, true) then
        view = buffer
      end
    end
    return view ~= nil and #lines(view) > 5
  end)
  local text = view and table.concat(lines(view), "\n") or ""
  check("in AquaVM's readable form", text:find('call neighbor ("greeter", "hello") [%init_peer_id%]', 1, true) ~= nil, text)
  check("that cannot be edited", view and not vim.bo[view].modifiable)
  vim.api.nvim_win_set_cursor(0, { 11, 7 })
  vim.cmd("doautocmd CursorMoved")
  local row = view and vim.api.nvim_win_get_cursor(vim.fn.win_findbuf(view)[1])[1] or 1
  check("its cursor follows the script's", (lines(view or 0)[row] or ""):find("greeter", 1, true) ~= nil, { row, text })

  -- The tree-sitter grammar, compiled by editors/helix/install, with the queries that the plugin brings along.
  local parser = vim.env.AIR_TEST_PARSER
  if vim.treesitter.language and vim.treesitter.language.add then
    vim.treesitter.language.add("air", { path = parser })
  else
    vim.treesitter.require_language("air", parser)
  end
  local tree = vim.treesitter.get_parser(greeting, "air"):parse()[1]:root()
  check("the grammar parses the script", not tree:has_error() and tree:type() == "source_file", tree:type())
  local get_query = vim.treesitter.query.get or vim.treesitter.get_query
  local function captured(name)
    local query, found = get_query("air", name), {}
    for id, node in query:iter_captures(tree, greeting, 0, -1) do
      found[query.captures[id]] = (found[query.captures[id]] or 0) + 1
      local _ = node
    end
    return found
  end
  local captures = captured("highlights")
  check("its colours", captures.keyword == 18 and captures["function.call"] == 5, captures)
  check("its folds", captured("folds").fold == 21, captured("folds"))
  check("JSON in samples", captured("injections")["injection.content"] == 5, captured("injections"))

  -- Health, and a clean end.
  vim.cmd("checkhealth air")
  local health = table.concat(lines(0), "\n")
  check(":checkhealth finds the server", health:find("server: air%-lsp") ~= nil, health)
  check("one server for all buffers", #servers() == 1, #servers())
  vim.lsp.stop_client(vim.tbl_map(function(client)
    return client.id
  end, servers()))
  eventually("the server ends when asked", function()
    return #servers() == 0
  end)
end

local ok, problem = xpcall(main, debug.traceback)
if not ok then
  failed = failed + 1
  print("FAILED " .. problem .. "\n")
end
print(string.format("neovim: %d passed, %d failed\n", passed, failed))
vim.cmd(failed == 0 and "qall!" or "cquit!")
