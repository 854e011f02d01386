package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ADMINISTER;
import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.DELETE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.POST;
import static dev.holdfast.server.route.Method.PUT;

import dev.holdfast.NotFoundException;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.Schedules;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.http.ScheduleJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Recurring jobs. Whoever declares one enqueues jobs for ever, of any type and for any group: that
 * is for administrators. Operators let those that stand there rest, go on, and fire.
 */
public final class ScheduleRoutes {
  private static final String PATH = "/api/v1/schedules";
  private static final String ONE = PATH + "/{name}";
  private static final int BYTES_MAX = 2 << 20;
  private static final int FIRES = 20;
  private static final int FIRES_MAX = 1_000;

  private final Schedules schedules;
  private final Rendering rendering;
  private final ToIntFunction<String> attempts;

  /**
   * @param attempts how many attempts a job of a type has that does not say it itself
   */
  public ScheduleRoutes(Schedules schedules, Rendering rendering, ToIntFunction<String> attempts) {
    this.schedules = schedules;
    this.rendering = rendering;
    this.attempts = attempts;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::list).needs(SEE),
        Route.of(GET, ONE, this::find).needs(SEE).query("fires"),
        Route.of(PUT, ONE, this::put).needs(ADMINISTER).body(BYTES_MAX),
        Route.of(DELETE, ONE, this::remove).needs(ADMINISTER),
        Route.of(POST, ONE + "/run", this::run).needs(OPERATE),
        Route.of(POST, ONE + "/pause", this::pause).needs(OPERATE),
        Route.of(POST, ONE + "/resume", this::resume).needs(OPERATE));
  }

  private Answer list(Exchange exchange) {
    return Answer.ok(
        Map.of("schedules", schedules.list().stream().map(rendering::schedule).toList()));
  }

  private Answer find(Exchange exchange) {
    int newest = exchange.query().number("fires", 1, FIRES_MAX, FIRES);
    ScheduleStatus schedule = existing(exchange);
    Map<String, @Nullable Object> fields = rendering.schedule(schedule);
    fields.put(
        "fires", schedules.fires(schedule.name(), newest).stream().map(ScheduleJson::of).toList());
    return Answer.ok(fields);
  }

  private ScheduleStatus existing(Exchange exchange) {
    String name = exchange.variable("name");
    return schedules.find(name).orElseThrow(() -> unknown(name));
  }

  private static NotFoundException unknown(String name) {
    return new NotFoundException("there is no schedule '%s'".formatted(name));
  }

  private Answer put(Exchange exchange) {
    Schedule schedule =
        ScheduleJson.read(exchange.variable("name"), exchange.json(), attempts)
            .declaredBy(exchange.by());
    Declared declared = schedules.put(schedule);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("declared", declared.name());
    fields.putAll(rendering.schedule(existing(exchange)));
    return Answer.json(declared == Declared.CREATED ? 201 : 200, fields);
  }

  private Answer remove(Exchange exchange) {
    String name = exchange.variable("name");
    if (!schedules.remove(name)) {
      throw unknown(name);
    }
    return Answer.nothing();
  }

  private Answer run(Exchange exchange) {
    return Answer.json(
        201, Map.of("job_id", schedules.trigger(exchange.variable("name")).toString()));
  }

  private Answer pause(Exchange exchange) {
    boolean unused = schedules.pause(exchange.variable("name"));
    return Answer.ok(rendering.schedule(existing(exchange)));
  }

  private Answer resume(Exchange exchange) {
    boolean unused = schedules.resume(exchange.variable("name"));
    return Answer.ok(rendering.schedule(existing(exchange)));
  }
}
