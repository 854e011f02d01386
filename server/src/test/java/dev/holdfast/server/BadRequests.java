package dev.holdfast.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Generates requests from the API's description that are wrong in some way, and a few that are
 * valid. All come from one seed.
 */
final class BadRequests {
  private static final int LARGE_EVERY = 250; // requests

  /**
   * The size of bodies; with longer unwanted ones, the rest can reset the connection before the
   * response.
   */
  private static final int READ_BYTES_MAX = 16 << 10;

  private static final String LONG = "x".repeat(5_000);

  /** Sixty ways to inject a script into a page. */
  static final List<String> SCRIPTS = scripts();

  private static final List<String> PARTS =
      List.of(
          "..",
          ".",
          "",
          "%2e%2e",
          "%2E%2e%2f",
          "%2f",
          "%5c",
          "..%2f..%2fetc%2fpasswd",
          "%00",
          "a%00b",
          "%c0%ae%c0%ae",
          "%e0%80%af",
          "%f8%80%80%80%80",
          "%ed%a0%80",
          "%ff",
          "%",
          "%1",
          "%zz",
          "%u0041",
          LONG,
          "%41".repeat(1_700),
          "a;b=c",
          "*",
          "{id}",
          "'",
          "\"",
          "<",
          "~",
          "-1",
          "null",
          "NaN",
          "a/b",
          "//",
          "\\",
          "%0d%0aX-Evil:%201",
          "%e2%80%ae",
          "%F0%9F%92%A9",
          "00000000-0000-0000-0000-000000000000",
          "1 or 1=1",
          "$(id)",
          "%25",
          "%252e%252e",
          "\u00e9");

  private static final List<String> WORDS =
      List.of(
          "",
          "0",
          "-1",
          "1e9",
          "2147483648",
          "-2147483649",
          "9223372036854775808",
          "9".repeat(400),
          "NaN",
          "Infinity",
          "-0",
          "1.5",
          "0x10",
          "%2b1",
          "+1",
          "1,2",
          "true",
          "TRUE",
          "yes",
          "null",
          "undefined",
          "[]",
          "{}",
          "%00",
          "%ff",
          "%zz",
          "%",
          "%c0%80",
          "%ed%a0%80",
          LONG,
          "1s",
          "-1s",
          "999999999d",
          "1d".repeat(2_000),
          "P1000000000000D",
          "PT-1S",
          "61s",
          "1000000h",
          "PENDING,",
          ",",
          "pending,PENDING",
          "COMPLETED",
          "NEW",
          "a'b",
          "a%22b",
          "a%0d%0ab",
          "%25",
          "..",
          "2026-02-30",
          "00000000-0000-0000-0000-000000000000",
          "' or 1=1 --",
          "*",
          "%F0%9F%92%A9");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\u0000",
          "a\u0000b",
          "\n",
          "\u001b[31m",
          "\ud800",
          "a\udc00b",
          "\udc00\ud800",
          "\u202e",
          "\ufeff",
          "\ud83d\udca9".repeat(150),
          LONG,
          "x".repeat(201),
          "..",
          "../../etc/passwd",
          "'; drop table jobs; --",
          "%s%n",
          "${jndi:ldap://x}",
          "{{7*7}}",
          "-1s",
          "1x",
          "1s".repeat(20_000),
          "999999999d",
          "999999999d".repeat(300),
          "P999999999D",
          "PT-5S",
          "1e400s",
          "* * * * *",
          "99 * * * *",
          "0/0 * * * *",
          "10/0s",
          "0/1s",
          "1/",
          "9999999999999/1s",
          "+1000000000-12-31T23:59:59.999999999Z",
          "-1000000000-01-01T00:00:00Z",
          "9999-12-31T23:59:59Z",
          "2026-02-30T00:00:00Z",
          "0000-00-00T00:00:00Z",
          "294277-01-01T00:00:00Z",
          "+294277-01-01T00:00:00Z",
          "-9999-01-01T00:00:00Z",
          "Mars/Phobos",
          "+25:00",
          "00000000-0000-0000-0000-000000000000",
          "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
          "1-1-1-1-1",
          "00000000-0000-0000-0000-000000000000.999999999999999999.999999999.999999999999999",
          "a.1.1.1",
          "ADMIN",
          "admin ",
          "RUN",
          "http://127.0.0.1:1/",
          "http://[::1",
          "file:///etc/passwd",
          "javascript:alert(1)",
          "http://user:pw@h/",
          "//x",
          "http://\u0000/");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1",
          "1.5",
          "-0",
          "-0.0",
          "1e3",
          "1E400",
          "-1e-400",
          "1e999999999",
          "1e-999999999",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "1" + "0".repeat(900),
          "1" + "0".repeat(2_000),
          "0." + "1".repeat(1_500),
          "[]",
          "{}",
          "[[]]",
          "[{}]",
          "[null]",
          "[1]",
          "{\"\":null}",
          "{\"a\":{\"a\":{\"a\":1}}}",
          "[\"\",\"\"]",
          "[\"a\",\"a\"]",
          "[true,{},[],1,null]");

  private static final List<String> NO_JSON =
      List.of(
          "",
          " ",
          "{",
          "}",
          "[",
          "nul",
          "NaN",
          "Infinity",
          "01",
          "1.",
          ".5",
          "+1",
          "0x1",
          "'a'",
          "{a:1}",
          "{\"a\":}",
          "{\"a\":1,}",
          "[1,]",
          "[,1]",
          "{} {}",
          "{}x",
          "// c\n{}",
          "{}/**/",
          "\"a",
          "\"\\x\"",
          "\"\\u12\"",
          "\"\t\"",
          "\u0000",
          "\ufeff{}",
          "<a/>",
          "a=b&c=d",
          "--x\r\n",
          "[".repeat(10_000),
          "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000),
          "[".repeat(10_000) + "]".repeat(10_000),
          "[" + "{},".repeat(10_000) + "{}]",
          "[" + "1,".repeat(10_000) + "1]");

  private static final List<String> TYPES =
      List.of(
          "",
          "text/plain",
          "text/html",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/xml",
          "application/json; charset=utf-16",
          "application/json; charset=x-none",
          "application/json;",
          "application/json, text/html",
          "json",
          "*/*",
          "application/json+xml",
          "APPLICATION/JSON",
          "application/octet-stream",
          LONG);

  private static final List<String> LINES =
      List.of(
          "",
          "\r\n\r\n\r\n",
          "GET",
          "GET /",
          "GET / HTTP/1.1",
          "GET  / HTTP/1.1\r\n\r\n",
          "GET / HTTP/9.9\r\n\r\n",
          "GET /\r\n\r\n",
          "get /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "\u0000\u0000\u0000\u0000",
          "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "TRACE /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "GET /healthz HTTP/1.1\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\n : x\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
          "GET /healthz HTTP/1.1\nHost: localhost\n\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\nA\u0000B: c\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n",
          "GET /" + "a".repeat(70_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "A".repeat(70_000),
          "GET /healthz?" + "a=1&".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + "X: y\r\n".repeat(101) + "\r\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(20_000) + "\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + "y".repeat(20_000) + ": x\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: the unexpected\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade:"
              + " h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
          "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade:"
              + " websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
          "<script>alert(1)</script>",
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

  private final Random random;
  private final ApiDescription description = new ApiDescription();
  private final List<Operation> operations = new ArrayList<>();
  private final Supplier<String> ids;
  private final String token;
  private long made;

  /**
   * Creates a generator.
   *
   * @param ids ids of jobs that exist
   * @param token a token with all permissions
   */
  BadRequests(long seed, Supplier<String> ids, String token) {
    this.random = new Random(seed);
    this.ids = ids;
    this.token = token;
    for (Map.Entry<String, JsonNode> path : description.document().get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(
            new Operation(
                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
      }
    }
  }

  private record Operation(String method, String path, JsonNode node) {}

  /**
   * A request.
   *
   * @param what the error, and its place
   * @param octets the whole request, one character for each octet
   * @param isHttp whether it is HTTP that a server must answer; of anything else the connection may
   *     just be closed
   * @param target path and query
   */
  record Request(
      String what, String octets, boolean isHttp, String method, String target, String body) {

    /** Creates a request that is not analysed further. */
    static Request ofOctets(String what, String octets) {
      return new Request(what, octets, false, "", "", "");
    }

    String path() {
      return target.replaceFirst("\\?.*$", "");
    }

    String query() {
      return target.substring(path().length()).replaceFirst("^\\?", "");
    }
  }

  /** A request before it is formatted. */
  private static final class Draft {
    private String method = "";
    private String path = "";
    private final List<String> query = new ArrayList<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private byte[] body = new byte[0];

    private String octets() {
      StringBuilder head = new StringBuilder(method).append(' ').append(path);
      head.append(query.isEmpty() ? "" : "?" + String.join("&", query)).append(" HTTP/1.1\r\n");
      headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      return head.append("\r\n").append(new String(body, ISO_8859_1)).toString();
    }
  }

  Request next() {
    made++;
    if (made % LARGE_EVERY == 0) {
      return large();
    }
    Operation operation = one(operations);
    Draft draft = draft(operation);
    String where = operation.method() + " " + operation.path();
    return switch (random.nextInt(12)) {
      case 0 -> path(draft, where);
      case 1 -> method(draft, where);
      case 2, 3 -> query(draft, operation, where);
      case 4 -> header(draft, where);
      case 5 -> framing(draft, where);
      case 6 -> line();
      case 7 -> mediaType(draft, where);
      case 8 -> noJson(draft, where);
      default -> body(draft, operation, where);
    };
  }

  private Draft draft(Operation operation) {
    Draft draft = new Draft();
    draft.method = operation.method();
    draft.path = operation.path().replace("{id}", ids.get()).replaceAll("\\{\\w+}", "default");
    draft.headers.put("Host", "localhost");
    draft.headers.put("Authorization", "Bearer " + token);
    draft.headers.put("Connection", "close");
    schema(operation).ifPresent(schema -> setBody(draft, value(schema, "").getBytes(UTF_8)));
    return draft;
  }

  private static void setBody(Draft draft, byte[] body) {
    draft.body = body;
    draft.headers.putIfAbsent("Content-Type", "application/json");
    draft.headers.put("Content-Length", String.valueOf(body.length));
  }

  private Optional<JsonNode> schema(Operation operation) {
    JsonNode schema = operation.node().at("/requestBody/content/application~1json/schema");
    return schema.isMissingNode() ? Optional.empty() : Optional.of(schema);
  }

  private Request path(Draft draft, String where) {
    String part = random.nextInt(8) == 0 ? encoded(one(SCRIPTS)) : one(PARTS);
    String[] parts = draft.path.split("/", -1);
    int at = 1 + random.nextInt(parts.length - 1);
    String path =
        switch (random.nextInt(3)) {
          case 0 -> draft.path + "/" + part;
          case 1 -> draft.path + part;
          default -> {
            parts[at] = part;
            yield String.join("/", parts);
          }
        };
    boolean isOneWord =
        path.chars().allMatch(c -> c > ' ' && c < 127 && c != '\\' && c != '"' && c != '<');
    draft.path = path;
    return request("path with '%s'".formatted(part), where, draft, isOneWord);
  }

  private Request method(Draft draft, String where) {
    draft.method =
        one(
            List.of(
                "PUT",
                "DELETE",
                "PATCH",
                "POST",
                "GET",
                "HEAD",
                "OPTIONS",
                "TRACE",
                "PROPFIND",
                "FOO",
                "get",
                "A".repeat(300)));
    return request("method", where, draft, true);
  }

  private Request query(Draft draft, Operation operation, String where) {
    List<String> known = new ArrayList<>(List.of("limit", "wait", "state", "unknown"));
    for (JsonNode parameter : operation.node().path("parameters").values()) {
      JsonNode resolved = description.resolve(parameter);
      if (resolved.get("in").asString().equals("query")) {
        known.clear();
        known.add(resolved.get("name").asString());
      }
    }
    String name = one(known);
    String value = random.nextInt(6) == 0 ? encoded(one(SCRIPTS)) : one(WORDS);
    draft.query.add(name + "=" + value.replace(" ", "%20"));
    if (random.nextInt(4) == 0) {
      draft.query.add(
          one(
              List.of(
                  name + "=1",
                  name,
                  "=",
                  "=1",
                  "x%00=1",
                  "&&&",
                  "a[]=1",
                  one(WORDS).replace(" ", "+") + "=1")));
    }
    return request("query " + draft.query, where, draft, true);
  }

  private Request header(Draft draft, String where) {
    String script = one(SCRIPTS).replaceAll("[\\r\\n\\x00]", " ");
    String name =
        one(
            List.of(
                "Authorization",
                "Host",
                "Origin",
                "Sec-Fetch-Site",
                "Idempotency-Key",
                "Last-Event-ID",
                "Accept",
                "Cookie",
                "X-Forwarded-For",
                "X-HTTP-Method-Override",
                "Referer",
                "User-Agent",
                "If-None-Match",
                "Range"));
    draft.headers.put(
        name,
        one(
            List.of(
                "",
                "x",
                script,
                LONG,
                "Bearer",
                "Bearer ",
                "Bearer hf_",
                "Bearer " + LONG,
                "Basic YTpi",
                "localhost:99999999",
                "[::1",
                "a b",
                "null",
                "http://evil.example",
                "cross-site",
                "-1",
                "9".repeat(100),
                "\u00ff\u00fe",
                "bytes=0-,0-,0-")));
    return request("header " + name, where, draft, true);
  }

  /** Draws lengths and encodings that don't fit the body. */
  private Request framing(Draft draft, String where) {
    if (draft.body.length == 0) {
      setBody(draft, "{}".getBytes(UTF_8));
    }
    Map<String, String> headers = draft.headers;
    String what =
        one(
            List.of(
                "short",
                "long",
                "-1",
                "9".repeat(30),
                "0x2",
                "",
                "1, 2",
                "both",
                "gzip",
                "chunks",
                "no end",
                "huge chunk",
                "gzipped",
                "expect"));
    switch (what) {
      case "short" -> headers.put("Content-Length", String.valueOf(draft.body.length / 2));
      case "long" ->
          headers.put(
              "Content-Length", String.valueOf(draft.body.length + 1 + random.nextInt(1_000)));
      case "both" -> headers.put("Transfer-Encoding", "chunked");
      case "gzip" -> headers.put("Transfer-Encoding", "gzip");
      case "chunks" -> chunked(draft, "x\r\n{}\r\n0\r\n\r\n");
      case "no end" -> chunked(draft, "2\r\n{}\r\n");
      case "huge chunk" -> chunked(draft, "ffffffffffffffff\r\n{}\r\n");
      case "gzipped" -> headers.put("Content-Encoding", "gzip");
      case "expect" -> headers.put("Expect", "100-continue");
      default -> headers.put("Content-Length", what);
    }
    return Request.ofOctets("framing %s at %s".formatted(what, where), draft.octets());
  }

  private static void chunked(Draft draft, String body) {
    draft.headers.remove("Content-Length");
    draft.headers.put("Transfer-Encoding", "chunked");
    draft.body = body.getBytes(ISO_8859_1);
  }

  private Request line() {
    String line = random.nextInt(3) == 0 ? garbage() : one(LINES);
    String before = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(random.nextInt(3));
    return Request.ofOctets("a raw line", before + line);
  }

  private String garbage() {
    byte[] bytes = new byte[1 + random.nextInt(400)];
    random.nextBytes(bytes);
    return new String(bytes, ISO_8859_1);
  }

  private Request mediaType(Draft draft, String where) {
    String type = one(TYPES);
    setBody(draft, draft.body.length == 0 ? "{}".getBytes(UTF_8) : draft.body);
    draft.headers.put("Content-Type", type);
    if (random.nextBoolean()) {
      setBody(draft, new String(draft.body, UTF_8).getBytes(UTF_16));
    }
    return request("media type '%s'".formatted(type), where, draft, true);
  }

  private Request noJson(Draft draft, String where) {
    byte[] body =
        switch (random.nextInt(4)) {
          case 0 -> cut(draft.body);
          case 1 -> flipped(draft.body);
          default -> one(NO_JSON).getBytes(UTF_8);
        };
    setBody(draft, body);
    return request("no JSON", where, draft, true);
  }

  private byte[] cut(byte[] body) {
    return body.length == 0
        ? body
        : new String(body, 0, random.nextInt(body.length), ISO_8859_1).getBytes(ISO_8859_1);
  }

  private byte[] flipped(byte[] body) {
    byte[] flipped = body.clone();
    for (int i = 0; i < flipped.length && i < 3; i++) {
      flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
    }
    return flipped;
  }

  /** Draws a body with one wrong field. */
  private Request body(Draft draft, Operation operation, String where) {
    Optional<JsonNode> schema = schema(operation);
    if (schema.isEmpty()) {
      setBody(draft, "{\"unknown\": 1}".getBytes(UTF_8));
      return request("a body where there is none", where, draft, true);
    }
    List<String> fields = new ArrayList<>(fields(schema.get()));
    fields.add("unknown");
    String field = one(fields);
    String body = value(schema.get(), field);
    setBody(draft, body.getBytes(UTF_8));
    if (random.nextInt(10) == 0) {
      draft.headers.put("Authorization", "Bearer hf_" + "0".repeat(43));
    }
    return request("field %s of %s".formatted(field, short80(body)), where, draft, true);
  }

  private static String short80(String text) {
    return text.substring(0, Math.min(80, text.length()));
  }

  private List<String> fields(JsonNode given) {
    JsonNode schema = chosen(given);
    List<String> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      fields.add(field.getKey());
      fields.addAll(fields(field.getValue()));
    }
    if (schema.has("items")) {
      fields.addAll(fields(schema.get("items")));
    }
    return fields;
  }

  private JsonNode chosen(JsonNode given) {
    JsonNode schema = description.resolve(given);
    return schema.has("oneOf") ? chosen(schema.get("oneOf").get(0)) : schema;
  }

  /** Returns JSON that matches a schema except for the fields of one name. */
  private String value(JsonNode given, String wrong) {
    JsonNode schema = chosen(given);
    if (schema.has("enum")) {
      return schema.get("enum").get(0).toString();
    }
    JsonNode types = schema.path("type");
    return switch (types.isArray() ? types.get(0).asString() : types.asString("object")) {
      case "object" -> object(schema, wrong);
      case "array" -> "[" + value(schema.path("items"), wrong) + "]";
      case "integer", "number" -> "1";
      case "boolean" -> "true";
      default ->
          schema.path("format").asString("").equals("uuid") ? quoted(ids.get()) : quoted("a");
    };
  }

  private String object(JsonNode schema, String wrong) {
    List<String> members = new ArrayList<>();
    List<String> required =
        schema.path("required").values().stream().map(JsonNode::asString).toList();
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String name = field.getKey();
      boolean isWrong = name.equals(wrong);
      boolean isOnTheWay = fields(field.getValue()).contains(wrong);
      if (isWrong || isOnTheWay || required.contains(name)) {
        String value =
            isWrong ? nasty() : good(name).orElseGet(() -> value(field.getValue(), wrong));
        boolean isLeftOut = isWrong && random.nextInt(12) == 0;
        if (!isLeftOut) {
          members.add(quoted(name) + ":" + value);
        }
        if (isWrong && random.nextInt(12) == 0) {
          members.add(quoted(name) + ":" + nasty());
        }
      }
    }
    if (wrong.equals("unknown")) {
      members.add(
          quoted(one(List.of("unknown", "", "__proto__", "Type", "\u0000", one(SCRIPTS), LONG)))
              + ":"
              + nasty());
    }
    return "{" + String.join(",", members) + "}";
  }

  /** Returns valid values for parameters that are checked before others. */
  private Optional<String> good(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "timeout", "over", "delay", "every" -> "\"1m\"";
          case "worker", "id" -> quoted(ids.get());
          case "lease" -> quoted(ids.get() + ".1.1.1");
          case "url" -> "\"http://hooks.example.com:1/\"";
          case "how" -> quoted(one(List.of("complete", "fail", "snooze", "release")));
          case "action" -> quoted(one(List.of("cancel", "retry", "resume", "delete")));
          default -> null;
        });
  }

  private String nasty() {
    return switch (random.nextInt(6)) {
      case 0 -> quoted(one(SCRIPTS));
      case 1, 2 -> quoted(one(TEXTS));
      case 3 -> "[" + quoted(one(TEXTS)) + "," + one(VALUES) + "]";
      case 4 -> "{\"a\":%s,%s:%s}".formatted(quoted(one(TEXTS)), quoted(one(TEXTS)), one(VALUES));
      default -> one(VALUES);
    };
  }

  /** Returns a JSON string, with escapes for lone surrogates, which UTF-8 cannot encode. */
  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isEscaped = c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c);
      json.append(isEscaped ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return json.append('"').toString();
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(UTF_8)) {
      encoded.append("%%%02x".formatted(octet & 0xff));
    }
    return encoded.toString();
  }

  /** Draws bodies at their limit, one byte over it, and far beyond it. */
  private Request large() {
    Operation operation = one(operations.stream().filter(one -> schema(one).isPresent()).toList());
    Draft draft = draft(operation);
    String head = "{\"type\":\"t\",\"payload\":\"";
    int size =
        one(
            List.of(
                1 << 16,
                (1 << 16) + 1,
                1 << 20,
                (1 << 20) + 1,
                (1 << 20) + 2 - head.length(),
                16 << 20,
                (16 << 20) + 1));
    String body = head + "x".repeat(size - head.length() - 2) + "\"}";
    setBody(draft, body.getBytes(UTF_8));
    return request(
        "%,d bytes".formatted(size), operation.method() + " " + operation.path(), draft, false);
  }

  private static Request request(String what, String where, Draft draft, boolean isHttp) {
    boolean isRead = draft.body.length <= READ_BYTES_MAX;
    String query = draft.query.isEmpty() ? "" : "?" + String.join("&", draft.query);
    return new Request(
        short80(what) + " at " + where,
        draft.octets(),
        isHttp && isRead,
        draft.method,
        draft.path + query,
        new String(draft.body, UTF_8));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static List<String> scripts() {
    List<String> scripts = new ArrayList<>();
    for (String code :
        List.of("alert(1)", "alert`1`", "location='//x'", "fetch('//x')", "eval(name)")) {
      scripts.add("<script>" + code + "</script>");
      scripts.add("\"><script>" + code + "</script>");
      scripts.add("'-" + code + "-'");
      scripts.add("<img src=x onerror=" + code + ">");
      scripts.add("<svg/onload=" + code + ">");
      scripts.add("<body onload=" + code + ">");
      scripts.add("<iframe src=\"javascript:" + code + "\">");
      scripts.add("<a href=\"jav\tascript:" + code + "\">x</a>");
      scripts.add("</title><script>" + code + "</script>");
      scripts.add("<ScRiPt >" + code + "</sCrIpT>");
      scripts.add("<!--><script>" + code + "</script-->");
      scripts.add("\u2028<script>" + code + "</script>\u2029");
    }
    return List.copyOf(scripts);
  }
}
