package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.DELETE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.Failures;
import dev.holdfast.Fingerprint;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.wire.FailureGroupJson;
import dev.holdfast.http.wire.FailureReportJson;
import dev.holdfast.http.wire.FailuresChangedJson;
import dev.holdfast.search.FailureQuery;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Query;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Routes for dead letters, grouped by the reason of their failure. */
public final class FailureRoutes {
  private static final String PATH = "/api/v1/failures";
  private static final String ONE = PATH + "/{fingerprint}";
  private static final int BYTES_MAX = 64 << 10;
  private static final int PAGE = 100;

  private final Failures failures;
  private final TimeSource time;

  /** Creates the routes to these failures. */
  public FailureRoutes(Failures failures, TimeSource time) {
    this.failures = failures;
    this.time = time;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::list)
            .needs(SEE)
            .query("queue", "type", "since", "muted", "limit"),
        Route.of(GET, ONE, this::find).needs(SEE),
        Route.of(POST, ONE + "/retry", this::retry).needs(OPERATE),
        Route.of(DELETE, ONE, this::delete).needs(OPERATE),
        Route.of(POST, ONE + "/mute", this::mute).needs(OPERATE).body(BYTES_MAX),
        Route.of(DELETE, ONE + "/mute", this::unmute).needs(OPERATE));
  }

  private Answer list(Call call) {
    Query query = call.query();
    Optional<Boolean> muted = query.text("muted").map(given -> query.flag("muted"));
    return Answer.ok(
        FailureReportJson.of(
            failures.list(
                new FailureQuery(
                    query.text("queue"),
                    query.text("type"),
                    query.instant("since"),
                    muted,
                    query.number("limit", 1, Limits.PAGE_MAX, PAGE)))));
  }

  private static Fingerprint fingerprint(Call call) {
    return Fingerprint.parse(call.variable("fingerprint"));
  }

  private Answer find(Call call) {
    return Answer.ok(found(fingerprint(call)));
  }

  private FailureGroupJson found(Fingerprint fingerprint) {
    return failures
        .find(fingerprint)
        .map(FailureGroupJson::of)
        .orElseThrow(
            () -> new NotFoundException("no dead letter has the fingerprint " + fingerprint));
  }

  private Answer retry(Call call) {
    Fingerprint fingerprint = fingerprint(call);
    return Answer.ok(FailuresChangedJson.of(fingerprint, failures.retry(fingerprint, call.by())));
  }

  private Answer delete(Call call) {
    Fingerprint fingerprint = fingerprint(call);
    return Answer.ok(FailuresChangedJson.of(fingerprint, failures.delete(fingerprint)));
  }

  private Answer mute(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("until", "for"));
    Optional<Instant> end = fields.maybeInstant("until");
    Optional<String> length = fields.maybeText("for");
    if (end.isPresent() && length.isPresent()) {
      throw new InvalidRequestException("give 'until' or 'for', not both");
    }
    Optional<Instant> until =
        end.or(() -> length.map(text -> time.now().plus(Durations.parse(text))));
    return Answer.ok(FailureGroupJson.of(failures.mute(fingerprint(call), until, call.by())));
  }

  private Answer unmute(Call call) {
    Fingerprint fingerprint = fingerprint(call);
    boolean unused = failures.unmute(fingerprint);
    return Answer.ok(found(fingerprint));
  }
}
