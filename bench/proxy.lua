-- Load for a forward proxy, for wrk. Arguments: path, "proxy" or "direct", port of the origin, number of host names,
-- and "new" when every request is to have an address that nobody asked for before.
local names, path, mode, port, fresh = 64, "/1k.html", "proxy", "8081", false
local prepared, n = {}, 0
local fields = {
  ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
  ["Accept"] = "text/html,application/xhtml+xml,*/*;q=0.8",
  ["Accept-Encoding"] = "gzip, deflate",
  ["Accept-Language"] = "en-GB,en;q=0.9",
}

local function written(k, suffix)
  local host = "h" .. k .. ".bench.test:" .. port
  fields["Host"] = host
  return wrk.format("GET", (mode == "proxy" and "http://" .. host or "") .. path .. suffix, fields)
end

function init(args)
  path, mode, port, names = args[1], args[2], args[3], tonumber(args[4])
  fresh = args[5] == "new"
  for k = 0, names - 1 do prepared[k] = written(k, "") end
end

function request()
  n = n + 1
  if fresh then return written(n % names, "?n=" .. n) end
  return prepared[n % names]
end

function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format('RESULT {"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout))
end
