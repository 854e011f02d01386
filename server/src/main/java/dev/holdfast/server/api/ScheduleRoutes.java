package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ADMINISTER;
import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.DELETE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.POST;
import static dev.holdfast.server.route.Method.PUT;

import dev.holdfast.Schedule;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.Schedules;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.handlers.webhook.Webhooks;
import dev.holdfast.http.Json;
import dev.holdfast.http.ScheduleJson;
import dev.holdfast.http.wire.ScheduleFireJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Routes for schedules. Declaring one enqueues jobs of any type for any group, which is for
 * administrators. Operators can pause, resume and trigger existing ones.
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
   * @param attempts the maximum number of attempts of a type's jobs that do not set it
   */
  public ScheduleRoutes(Schedules schedules, Rendering rendering, ToIntFunction<String> attempts) {
    this.schedules = schedules;
    this.rendering = rendering;
    this.attempts = attempts;
  }

  /** Returns the routes. */
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

  private Answer list(Call call) {
    return Answer.ok(
        Map.of("schedules", schedules.list().stream().map(rendering::schedule).toList()));
  }

  private Answer find(Call call) {
    int newest = call.query().number("fires", 1, FIRES_MAX, FIRES);
    ScheduleStatus schedule = existing(call);
    Map<String, @Nullable Object> fields = Json.fields(rendering.schedule(schedule));
    fields.put(
        "fires",
        schedules.fires(schedule.name(), newest).stream().map(ScheduleFireJson::of).toList());
    return Answer.ok(fields);
  }

  private ScheduleStatus existing(Call call) {
    String name = call.variable("name");
    return schedules.find(name).orElseThrow(() -> unknown(name));
  }

  private static NotFoundException unknown(String name) {
    return new NotFoundException("there is no schedule '%s'".formatted(name));
  }

  private Answer put(Call call) {
    Schedule schedule =
        ScheduleJson.read(call.variable("name"), call.json(), attempts).declaredBy(call.by());
    Webhooks.checkIsNoDelivery(schedule.job());
    Declared declared = schedules.put(schedule);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("declared", declared.name());
    fields.putAll(Json.fields(rendering.schedule(existing(call))));
    return Answer.json(declared == Declared.CREATED ? 201 : 200, fields);
  }

  private Answer remove(Call call) {
    String name = call.variable("name");
    if (!schedules.remove(name)) {
      throw unknown(name);
    }
    return Answer.nothing();
  }

  private Answer run(Call call) {
    return Answer.json(201, Map.of("job_id", schedules.trigger(call.variable("name")).toString()));
  }

  private Answer pause(Call call) {
    boolean unused = schedules.pause(call.variable("name"));
    return Answer.ok(rendering.schedule(existing(call)));
  }

  private Answer resume(Call call) {
    boolean unused = schedules.resume(call.variable("name"));
    return Answer.ok(rendering.schedule(existing(call)));
  }
}
