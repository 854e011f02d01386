package dev.holdfast.server.route;

import static java.util.Objects.requireNonNull;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
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

/** A request as a route sees it, whose caller may make it. Used by one thread. */
public final class Exchange {
  private final Route route;
  private final Identity identity;
  private final Map<String, String> variables;
  private final Query query;
  private final Function<String, Optional<String>> headers;
  private final byte[] body;
  private List<String> targets = List.of();

  Exchange(
      Route route,
      Identity identity,
      Map<String, String> variables,
      Query query,
      Function<String, Optional<String>> headers,
      byte[] body) {
    this.route = route;
    this.identity = identity;
    this.variables = variables;
    this.query = query;
    this.headers = headers;
    this.body = body;
    this.targets = List.copyOf(variables.values());
  }

  /** Which route it took. */
  public Route route() {
    return route;
  }

  /** Who asks. */
  public Identity identity() {
    return identity;
  }

  /** Who asks, for histories. */
  public String by() {
    return identity.name();
  }

  /** What stands in the path for a variable of the template. */
  public String variable(String name) {
    return requireNonNull(variables.get(name), "a variable of the template");
  }

  /** The same as the id of a job. */
  public JobId jobId(String name) {
    return JobId.parse(variable(name));
  }

  /** The query parameters. */
  public Query query() {
    return query;
  }

  /** A header, if it was sent. */
  public Optional<String> header(String name) {
    return headers.apply(name);
  }

  /**
   * The body.
   *
   * @throws InvalidRequestException if it is no JSON, or names a member twice
   */
  public JsonNode json() {
    return Json.readStrictly("the body", text());
  }

  /** The fields of the body, which is an object; of one that was left out, none. */
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

  /** What the request has changed, for the audit log; without this, what its path names. */
  public void changed(Collection<?> things) {
    targets = things.stream().map(Object::toString).toList();
  }

  List<String> targets() {
    return targets;
  }
}
