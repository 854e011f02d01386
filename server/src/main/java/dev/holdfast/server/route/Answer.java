package dev.holdfast.server.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.http.Json;
import dev.holdfast.http.Problem;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** The response to a request. */
public sealed interface Answer {

  /**
   * A complete response.
   *
   * @param status the HTTP status
   * @param mediaType the media type of the body; empty if there is none
   * @param body the bytes to send, from its position; not changed afterwards
   * @param headers headers in addition to those of every response
   */
  record Now(int status, String mediaType, ByteBuffer body, Map<String, String> headers)
      implements Answer {
    /** Copies the headers. */
    public Now {
      headers = Map.copyOf(headers);
    }

    /** Returns a copy with another header. */
    public Now header(String name, String value) {
      Map<String, String> all = new HashMap<>(headers);
      all.put(name, value);
      return new Now(status, mediaType, body, all);
    }
  }

  /**
   * A response that is not known yet; no thread waits for it.
   *
   * @param answer completes in time in any case; if it is completed from outside, its work stops
   */
  record Later(CompletableFuture<Now> answer) implements Answer {}

  /**
   * A stream that lasts until either side ends it; no thread waits for it.
   *
   * @param mediaType the media type of the stream
   * @param opened receives the outlet to the reader, once
   * @param farewell returns the last bytes for the reason why the server ends the stream
   */
  record Stream(String mediaType, Consumer<StreamSink> opened, Function<String, byte[]> farewell)
      implements Answer {}

  /** Returns 200 with this object as JSON. */
  static Now ok(Object fields) {
    return json(200, fields);
  }

  /**
   * Returns this value as JSON; it consists of wire records, maps, lists, texts, numbers and nodes.
   */
  static Now json(int status, Object value) {
    return new Now(
        status, "application/json", ByteBuffer.wrap(Json.write(value).getBytes(UTF_8)), Map.of());
  }

  /** Returns 204. */
  static Now nothing() {
    return new Now(204, "", ByteBuffer.allocate(0), Map.of());
  }

  /** Returns a problem. */
  static Now of(Problem problem) {
    ByteBuffer body = ByteBuffer.wrap(Json.write(problem.json()).getBytes(UTF_8));
    return new Now(problem.type().status(), Problem.MEDIA_TYPE, body, Map.of());
  }
}
