package dev.holdfast.server.route;

import dev.holdfast.check.Printable;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.http.Problem;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.server.access.Credentials;
import dev.holdfast.server.access.Gate;
import dev.holdfast.server.access.Identity;
import dev.holdfast.server.access.OpenAnswers;
import dev.holdfast.server.access.Permission;
import dev.holdfast.server.access.Sessions;
import dev.holdfast.spi.ReadCancellation;
import dev.holdfast.spi.server.AuditLog;
import dev.holdfast.spi.server.AuditRecord.Action;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Processes a request, from its head to its response. Thread-safe. */
public final class RequestPipeline {
  private static final Logger log = LoggerFactory.getLogger(RequestPipeline.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  private final RouteTable table;
  private final Gate gate;
  private final Sessions sessions;
  private final OpenAnswers open;
  private final Hosts hosts;
  private final AuditLog audit;
  private final Supplier<String> errorIds;

  /**
   * Creates a pipeline for these routes.
   *
   * @param errorIds generates the ids of errors in responses and in the log
   */
  public RequestPipeline(
      RouteTable table,
      Gate gate,
      Sessions sessions,
      OpenAnswers open,
      Hosts hosts,
      AuditLog audit,
      Supplier<String> errorIds) {
    this.table = table;
    this.gate = gate;
    this.sessions = sessions;
    this.open = open;
    this.hosts = hosts;
    this.audit = audit;
    this.errorIds = errorIds;
  }

  /**
   * Authorizes a request before its body is read.
   *
   * @throws ProblemException if the request is refused
   * @throws HoldfastException if the check fails, or the request is malformed
   */
  public Admitted admit(Head head) {
    hosts.check(head.header("Host"));
    RouteTable.Match match =
        table
            .find(Urls.segments(head.rawPath()))
            .orElseThrow(
                () -> new ProblemException(ProblemType.NOT_FOUND, "there is nothing at this path"));
    Route route = route(head, match);
    Optional<String> authorization = head.header("Authorization");
    Identity identity = identity(authorization, head, route.permission().orElseThrow());
    checkReach(route, identity);
    if (!route.method().isSafe()) {
      hosts.checkOrigin(
          head.header("Origin"),
          head.header("Sec-Fetch-Site"),
          head.header("Host"),
          identity.session().isPresent());
    }
    checkBody(route, head);
    Query query = new Query(Urls.parameters(head.rawQuery()));
    if (!route.isQueryFree()) {
      query.checkNames(route.query());
    }
    return new Admitted(route, identity, match, query, head);
  }

  /** Reads a session only where it counts, as that may query the store. */
  private Identity identity(Optional<String> authorization, Head head, Permission permission) {
    if (permission == Permission.NONE) {
      return gate.admit(Credentials.none(), permission);
    }
    Credentials credentials =
        authorization
            .map(Credentials::of)
            .or(() -> head.header("Cookie").map(sessions::read))
            .orElseGet(Credentials::none);
    return gate.admit(credentials, permission);
  }

  private static Route route(Head head, RouteTable.Match match) {
    String asked = head.method().equals("HEAD") ? "GET" : head.method();
    return match.routes().values().stream()
        .filter(route -> route.method().name().equals(asked))
        .findFirst()
        .orElseThrow(() -> wrongMethod(match));
  }

  private static ProblemException wrongMethod(RouteTable.Match match) {
    String allowed =
        match.routes().keySet().stream().map(Enum::name).collect(Collectors.joining(", "));
    return new ProblemException(
        ProblemType.METHOD_NOT_ALLOWED, "this path takes " + allowed, Map.of("Allow", allowed));
  }

  private static void checkReach(Route route, Identity identity) {
    boolean isFree = route.permission().equals(Optional.of(Permission.NONE));
    if (!isFree && route.reach() == RouteScope.QUEUE && !identity.scope().isAll()) {
      throw new ProblemException(
          ProblemType.FORBIDDEN,
          "the token '%s' is restricted to jobs of its groups; this request concerns all jobs"
              .formatted(identity.name()));
    }
  }

  private static void checkBody(Route route, Head head) {
    Body body = route.body();
    if (!body.isTaken()) {
      if (head.bodyBytes() > 0) {
        throw tooLarge(route);
      }
      return; // a chunked body may still be empty
    }
    if (head.bodyBytes() == 0) {
      if (body.isRequired()) {
        throw new ProblemException(
            ProblemType.BAD_REQUEST, "the request has no body: expected JSON");
      }
      return;
    }
    String type = mediaType(head.header("Content-Type").orElse("none"));
    if (!type.equals("application/json")) {
      throw new ProblemException(
          ProblemType.UNSUPPORTED_MEDIA_TYPE,
          "the body must be of the type application/json, was " + Printable.quoted(type));
    }
    if (head.bodyBytes() > body.bytesMax()) {
      throw tooLarge(route);
    }
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  /** Returns the problem for a body over the limit of its route. */
  public static ProblemException tooLarge(Route route) {
    if (!route.body().isTaken()) {
      return new ProblemException(
          ProblemType.BAD_REQUEST,
          "%s takes no body, this request has one: %s"
              .formatted(
                  route.name(),
                  route.query().isEmpty()
                      ? "omit it"
                      : "send its parameters in the query: "
                          + route.query().stream().sorted().toList()));
    }
    return new ProblemException(
        ProblemType.TOO_LARGE,
        "the body exceeds %,d bytes, which is the maximum for this route"
            .formatted(route.body().bytesMax()));
  }

  /** Handles an authorized request. Never throws. */
  public Answer answer(Admitted admitted, byte[] body) {
    Call call =
        new Call(
            admitted.route(),
            admitted.identity(),
            admitted.match().named(admitted.route()),
            admitted.query(),
            admitted.head().isLocal(),
            admitted.head().headers(),
            body);
    Answer answer = called(call);
    if (call.isRecorded() && answer instanceof Answer.Now now) {
      writeDown(call, now.status());
    }
    return watched(call.identity(), answer);
  }

  /** Tracks responses that outlast this call, so that they end when the caller's token does. */
  private Answer watched(Identity identity, Answer answer) {
    if (answer instanceof Answer.Later later) {
      open.add(
          identity,
          later.answer()::isDone,
          () -> later.answer().completeExceptionally(Gate.ended(identity)));
    }
    return answer instanceof Answer.Stream stream
        ? new Answer.Stream(
            stream.mediaType(),
            streamSink -> openWatched(identity, stream, streamSink),
            stream.farewell())
        : answer;
  }

  private void openWatched(Identity identity, Answer.Stream stream, StreamSink streamSink) {
    stream.opened().accept(streamSink);
    open.add(
        identity,
        streamSink::isEnded,
        () -> streamSink.end(stream.farewell().apply(Gate.ended(identity).problem().detail())));
  }

  private Answer called(Call call) {
    try {
      return call.route().handler().answer(call);
    } catch (RuntimeException | Error failure) {
      if (failure instanceof BusyException && ReadCancellation.isCurrentCancelled()) {
        return Answer.of(clientGone().problem()); // not a failure of ours: not logged
      }
      return refusal(failure, call.identity().isAnonymous());
    }
  }

  private void writeDown(Call call, int status) {
    try {
      audit.add(
          new Action(
              call.recordedAs(),
              call.route().name(),
              call.targets(),
              call.targets().size(),
              status));
    } catch (HoldfastException failure) {
      log.atError()
          .addKeyValue("who", call.recordedAs())
          .addKeyValue("what", call.route().name())
          .setCause(failure)
          .log("An action could not be written to the audit log.");
    }
  }

  /** Returns the response for a failure after the caller was admitted. */
  public Answer.Now refusal(Throwable failure) {
    return refusal(failure, false);
  }

  /** Returns the response for a failure before the caller was admitted. */
  public Answer.Now refusalOfUnknown(Throwable failure) {
    return refusal(failure, true);
  }

  /** Returns the response for a failure, without details that the caller must not see. */
  private Answer.Now refusal(Throwable failure, boolean isAnonymous) {
    if (failure instanceof CompletionException wrapped && wrapped.getCause() != null) {
      return refusal(wrapped.getCause(), isAnonymous);
    }
    if (failure instanceof ProblemException refused) {
      Answer.Now answer = Answer.of(refused.problem());
      for (var header : refused.headers().entrySet()) {
        answer = answer.header(header.getKey(), header.getValue());
      }
      return answer;
    }
    if (failure instanceof HoldfastException known) {
      Problem problem = isAnonymous ? Problem.withoutDetails(known) : Problem.of(known);
      if (problem.type().status() == 503) {
        log.warn("A request failed.", known);
        return Answer.of(problem).header("Retry-After", RETRY_AFTER_SECONDS);
      }
      return problem.type().status() < 500
          ? Answer.of(problem)
          : Answer.of(new Problem(problem.type(), problem.detail(), Optional.of(logged(known))));
    }
    return Answer.of(
        new Problem(
            ProblemType.INTERNAL,
            "an internal error; the server's log has details under this id",
            Optional.of(logged(failure))));
  }

  /** Logs a failure with its class and trace. @return its id in the log */
  private String logged(Throwable failure) {
    String id = errorIds.get();
    log.atError()
        .addKeyValue("error", id)
        .setCause(failure)
        .log("A request failed with error {}: {}", id, failure.toString());
    return id;
  }

  /** Returns the problem for a chunked body with a malformed size or end of a chunk. */
  public static ProblemException malformedChunks() {
    return new ProblemException(
        ProblemType.BAD_REQUEST,
        "the chunks of the body are malformed: expected a size in hexadecimal digits and CR LF"
            + " before each, and CR LF after it");
  }

  /**
   * Returns the problem for a client that has closed its connection, or its sending side, before
   * the response.
   */
  public static ProblemException clientGone() {
    return new ProblemException(
        ProblemType.BAD_REQUEST,
        "the client closed the connection before the response: what it asked for was not finished");
  }

  /**
   * Returns the response to a request that could not be parsed.
   *
   * @param reason the parser's reason; empty if it gave none
   */
  public static Answer.Now notHttp(String reason) {
    return Answer.of(
        Problem.of(
            ProblemType.BAD_REQUEST,
            reason.isEmpty()
                ? "the request is not valid HTTP/1.1, or its first line and headers exceed 16 KiB:"
                    + " look at the first line, the percent-encoding, the headers and the"
                    + " Content-Length"
                : "the request is not valid HTTP/1.1: " + Printable.quoted(reason)));
  }

  /** Returns the response of a server that accepts no more requests. */
  public static Answer.Now stopping() {
    return Answer.of(
            Problem.of(
                ProblemType.STOPPING,
                "this server is stopping: nothing was changed, try again or use another one"))
        .header("Retry-After", RETRY_AFTER_SECONDS);
  }

  /** Returns the response for an overloaded server. */
  public static Answer.Now overloaded() {
    return Answer.of(
            Problem.of(
                ProblemType.OVERLOADED,
                "too many requests are waiting: nothing was changed, try again"))
        .header("Retry-After", RETRY_AFTER_SECONDS);
  }
}
