package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ADMINISTER;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.DELETE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.PUT;

import dev.holdfast.check.Durations;
import dev.holdfast.check.Printable;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.WebhookJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.server.Alert;
import dev.holdfast.spi.server.AlertRule;
import dev.holdfast.spi.server.AlertStore;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Routes for alerts. */
public final class AlertRoutes {
  private static final String PATH = "/api/v1/alerts";
  private static final String ONE = PATH + "/{name}";
  private static final int BYTES_MAX = 16 << 10;
  private static final long ENDS_AT_LEAST = 10;

  private final AlertStore alerts;

  /** Creates the routes to the alerts of this store. */
  public AlertRoutes(AlertStore alerts) {
    this.alerts = alerts;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::list).needs(SEE),
        Route.of(PUT, ONE, this::put).needs(ADMINISTER).body(BYTES_MAX),
        Route.of(DELETE, ONE, this::remove).needs(ADMINISTER));
  }

  private Answer list(Call call) {
    return Answer.ok(Map.of("alerts", alerts.list().stream().map(WebhookJson::of).toList()));
  }

  private Answer put(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields(
        "the body",
        fields.node(),
        Set.of("kind", "queue", "type", "over", "threshold", "at_least"));
    AlertRule rule =
        new AlertRule(
            call.variable("name"),
            fields.word("kind", AlertRule.Kind.class),
            fields.maybeText("queue"),
            fields.maybeText("type"),
            Durations.parse(fields.text("over")),
            fields.maybeNumber("threshold").orElse(1L),
            fields.maybeNumber("at_least").orElse(ENDS_AT_LEAST));
    alerts.put(rule, call.by());
    return Answer.ok(WebhookJson.of(find(rule.name())));
  }

  private Alert find(String name) {
    return alerts.list().stream()
        .filter(alert -> alert.rule().name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private Answer remove(Call call) {
    String name = call.variable("name");
    if (!alerts.remove(name)) {
      throw unknown(name);
    }
    return Answer.nothing();
  }

  private static NotFoundException unknown(String name) {
    return new NotFoundException("there is no alert %s".formatted(Printable.quoted(name)));
  }
}
