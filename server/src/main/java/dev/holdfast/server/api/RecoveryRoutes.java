package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.Metrics;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.wire.RecoveryJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Routes for recoveries. */
public final class RecoveryRoutes {
  private static final int PAGE = 100;

  private final Metrics metrics;

  /** Creates the routes to these recoveries. */
  public RecoveryRoutes(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, "/api/v1/recoveries", this::list).needs(SEE).query("before", "limit"));
  }

  private Answer list(Call call) {
    int limit = call.query().number("limit", 1, Limits.PAGE_MAX, PAGE);
    Optional<Long> before = call.query().text("before").map(RecoveryRoutes::number);
    List<RecoveryRecord> page = metrics.recoveries(before, limit);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("recoveries", page.stream().map(RecoveryJson::of).toList());
    fields.put("next", page.size() == limit ? page.get(limit - 1).number() : null);
    return Answer.ok(fields);
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notOne) {
      throw new InvalidRequestException(
          "the parameter 'before' is %s, expected a whole number".formatted(Printable.quoted(text)),
          notOne);
    }
  }
}
