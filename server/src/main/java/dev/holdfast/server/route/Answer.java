package dev.holdfast.server.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.http.Json;
import dev.holdfast.http.Problem;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a request is answered with. */
public sealed interface Answer {

  /**
   * This.
   *
   * @param status the HTTP status
   * @param mediaType of the body; empty if there is none
   * @param body what is sent, from its position; not changed afterwards
   * @param headers beside those that every answer has
   */
  record Now(int status, String mediaType, ByteBuffer body, Map<String, String> headers)
      implements Answer {
    /** Copies the headers. */
    public Now {
      headers = Map.copyOf(headers);
    }

    /** With another header. */
    public Now header(String name, String value) {
      Map<String, String> all = new HashMap<>(headers);
      all.put(name, value);
      return new Now(status, mediaType, body, all);
    }
  }

  /**
   * Something that is not known yet; no thread waits for it.
   *
   * @param answer ends in time, in whatever way
   */
  record Later(CompletableFuture<Now> answer) implements Answer {}

  /**
   * Something that goes on until one side ends it; no thread waits for it.
   *
   * @param mediaType of what is sent
   * @param opened is given the way to the reader, once
   */
  record Stream(String mediaType, Consumer<Outlet> opened) implements Answer {}

  /** 200 with this as JSON. */
  static Now ok(Map<String, ? extends @Nullable Object> fields) {
    return json(200, fields);
  }

  /** This as JSON: maps, lists, texts, numbers and nodes. */
  static Now json(int status, Object value) {
    return new Now(
        status, "application/json", ByteBuffer.wrap(Json.write(value).getBytes(UTF_8)), Map.of());
  }

  /** 204. */
  static Now nothing() {
    return new Now(204, "", ByteBuffer.allocate(0), Map.of());
  }

  /** A problem. */
  static Now of(Problem problem) {
    ByteBuffer body = ByteBuffer.wrap(Json.write(problem.json()).getBytes(UTF_8));
    return new Now(problem.type().status(), Problem.MEDIA_TYPE, body, Map.of());
  }
}
