package dev.holdfast.server.route;

import dev.holdfast.HoldfastException;
import dev.holdfast.Printable;
import dev.holdfast.http.Problem;
import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.server.access.Gate;
import dev.holdfast.server.access.Identity;
import dev.holdfast.server.access.Permission;
import dev.holdfast.spi.AuditLog;
import dev.holdfast.spi.AuditRecord.Deed;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a request, from its head to its answer. Safe from any thread. */
public final class Site {
  private static final Logger log = LoggerFactory.getLogger(Site.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  private final RouteTable table;
  private final Gate gate;
  private final Hosts hosts;
  private final AuditLog audit;
  private final Supplier<String> errorIds;

  /**
   * Of these routes.
   *
   * @param errorIds names errors in answers and in the log
   */
  public Site(RouteTable table, Gate gate, Hosts hosts, AuditLog audit, Supplier<String> errorIds) {
    this.table = table;
    this.gate = gate;
    this.hosts = hosts;
    this.audit = audit;
    this.errorIds = errorIds;
  }

  /**
   * Decides whether a request may be made, before anything of its body is read.
   *
   * @throws ProblemException if it may not
   * @throws HoldfastException if that cannot be told, or it is malformed
   */
  public Admitted admit(Head head) {
    hosts.check(head.header("Host"));
    RouteTable.Match match =
        table
            .find(Urls.segments(head.rawPath()))
            .orElseThrow(
                () -> new ProblemException(ProblemType.NOT_FOUND, "there is nothing at this path"));
    Route route = route(head, match);
    Identity identity = gate.admit(head.header("Authorization"), route.permission().orElseThrow());
    checkReach(route, identity);
    if (!route.method().isSafe()) {
      Hosts.checkOrigin(head.header("Origin"), head.header("Sec-Fetch-Site"), head.header("Host"));
    }
    checkBody(route, head);
    Query query = new Query(Urls.parameters(head.rawQuery()));
    query.checkNames(route.query());
    return new Admitted(route, identity, match, query, head);
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
    if (!isFree && route.reach() == Reach.QUEUE && !identity.scope().isAll()) {
      throw new ProblemException(
          ProblemType.FORBIDDEN,
          "the token '%s' is for the jobs of its groups alone; this concerns those of all"
              .formatted(identity.name()));
    }
  }

  private static void checkBody(Route route, Head head) {
    Body body = route.body();
    if (!body.isTaken()) {
      return;
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
          "the body must be of the type application/json, it is sent as " + Printable.quoted(type));
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

  /** What a body over the limit of its route is answered with. */
  public static ProblemException tooLarge(Route route) {
    return new ProblemException(
        ProblemType.TOO_LARGE,
        "the body is over %,d bytes, which is the most that is read here"
            .formatted(route.body().bytesMax()));
  }

  /** Answers a request that was admitted. Never throws. */
  public Answer answer(Admitted admitted, byte[] body) {
    Exchange exchange =
        new Exchange(
            admitted.route(),
            admitted.identity(),
            admitted.match().named(admitted.route()),
            admitted.query(),
            admitted.head().headers(),
            body);
    Answer answer = called(exchange);
    if (exchange.route().permission().orElseThrow().isAudited()
        && !exchange.route().method().isSafe()
        && answer instanceof Answer.Now now) {
      writeDown(exchange, now.status());
    }
    return answer;
  }

  private Answer called(Exchange exchange) {
    try {
      return exchange.route().handler().answer(exchange);
    } catch (RuntimeException | Error failure) {
      return refusal(failure);
    }
  }

  private void writeDown(Exchange exchange, int status) {
    try {
      audit.add(
          new Deed(
              exchange.by(),
              exchange.route().name(),
              exchange.targets(),
              exchange.targets().size(),
              status));
    } catch (HoldfastException failure) {
      log.atError()
          .addKeyValue("who", exchange.by())
          .addKeyValue("what", exchange.route().name())
          .log("A deed could not be written to the audit log.", failure);
    }
  }

  /** What a failure is answered with: never more than a caller may know. */
  public Answer.Now refusal(Throwable failure) {
    if (failure instanceof CompletionException wrapped && wrapped.getCause() != null) {
      return refusal(wrapped.getCause());
    }
    if (failure instanceof ProblemException refused) {
      Answer.Now answer = Answer.of(refused.problem());
      for (var header : refused.headers().entrySet()) {
        answer = answer.header(header.getKey(), header.getValue());
      }
      return answer;
    }
    if (failure instanceof HoldfastException known) {
      Problem problem = Problem.of(known);
      Answer.Now answer = Answer.of(problem);
      boolean mayTryAgain = problem.type().status() == 503;
      if (problem.type().status() >= 500) {
        log.warn("A request failed.", known);
      }
      return mayTryAgain ? answer.header("Retry-After", RETRY_AFTER_SECONDS) : answer;
    }
    String id = errorIds.get();
    log.atError().addKeyValue("error", id).log("A request failed: a bug.", failure);
    return Answer.of(
        new Problem(
            ProblemType.INTERNAL,
            "a mistake of the server; its log tells more under this id",
            Optional.of(id)));
  }

  /** What is answered when there is too much to do. */
  public static Answer.Now overloaded() {
    return Answer.of(
            Problem.of(
                ProblemType.OVERLOADED, "too many requests wait here: nothing was done, try again"))
        .header("Retry-After", RETRY_AFTER_SECONDS);
  }
}
