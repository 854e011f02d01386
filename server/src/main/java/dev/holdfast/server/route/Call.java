package dev.holdfast.server.route;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobId;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.server.access.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** An authorized request, as a handler sees it. Used by one thread. */
public final class Call {
  private final Route route;
  private final Identity identity;
  private final Map<String, String> variables;
  private final Query query;
  private final boolean isLocal;
  private final Function<String, Optional<String>> headers;
  private final byte[] body;
  private List<String> targets = List.of();
  private String recordedAs;
  private boolean isRecorded;

  Call(
      Route route,
      Identity identity,
      Map<String, String> variables,
      Query query,
      boolean isLocal,
      Function<String, Optional<String>> headers,
      byte[] body) {
    this.route = route;
    this.identity = identity;
    this.variables = variables;
    this.query = query;
    this.isLocal = isLocal;
    this.headers = headers;
    this.body = body;
    this.targets = List.copyOf(variables.values());
    this.recordedAs = identity.name();
    this.isRecorded = route.permission().orElseThrow().isAudited() && !route.method().isSafe();
  }

  /** Returns its route. */
  public Route route() {
    return route;
  }

  /** Returns the caller. */
  public Identity identity() {
    return identity;
  }

  /** Returns the name of the caller, for the history. */
  public String by() {
    return identity.name();
  }

  /** Returns the value of a path variable. */
  public String variable(String name) {
    return requireNonNull(variables.get(name), "a variable of the template");
  }

  /** Returns the value of a path variable as a job id. */
  public JobId jobId(String name) {
    return JobId.parse(variable(name));
  }

  /** Returns the query parameters. */
  public Query query() {
    return query;
  }

  /** Returns whether the caller, or its proxy, is a process of this host. */
  public boolean isLocal() {
    return isLocal;
  }

  /** Returns a header, if it was sent. */
  public Optional<String> header(String name) {
    return headers.apply(name);
  }

  /**
   * Returns the body.
   *
   * @throws InvalidRequestException if it is not valid JSON, or has a member twice
   */
  public JsonNode json() {
    return Json.readStrictly("the body", text());
  }

  /** Returns the fields of the body, which must be an object; none if there is no body. */
  public Fields object() {
    JsonNode node = body.length == 0 ? JsonNodeFactory.instance.objectNode() : json();
    if (!node.isObject()) {
      throw new InvalidRequestException(
          "the body must be a JSON object, was %s".formatted(node.getNodeType()));
    }
    return new Fields(node);
  }

  private String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException malformed) {
      throw new InvalidRequestException("the body is not valid UTF-8", malformed);
    }
  }

  /**
   * Records the things that the request has changed, for the audit log; the default is the path
   * variables.
   */
  public void changed(Collection<?> things) {
    targets = things.stream().map(Object::toString).toList();
  }

  /** Records the request in the audit log under this name, whatever its permission. */
  public void recordAs(String who) {
    recordedAs = who;
    isRecorded = true;
  }

  boolean isRecorded() {
    return isRecorded;
  }

  String recordedAs() {
    return recordedAs;
  }

  List<String> targets() {
    return targets;
  }
}
