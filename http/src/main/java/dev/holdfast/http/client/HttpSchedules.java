package dev.holdfast.http.client;

import static dev.holdfast.http.client.Request.encoded;

import dev.holdfast.JobId;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.Schedules;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.ScheduleJson;
import dev.holdfast.http.wire.ScheduleFireJson;
import dev.holdfast.http.wire.ScheduleStatusJson;
import java.util.List;
import java.util.Optional;

/** The schedules of a queue behind a server. */
final class HttpSchedules implements Schedules {
  private static final int FIRES_MAX = 1_000;

  private final Transport transport;

  HttpSchedules(Transport transport) {
    this.transport = transport;
  }

  private static String path(String name) {
    return "/schedules/" + encoded(name);
  }

  @Override
  public Declared put(Schedule schedule) {
    Request request = Request.put(path(schedule.name()), ScheduleJson.write(schedule));
    return transport.call(request).read(answer -> answer.word("declared", Declared.class));
  }

  @Override
  public List<ScheduleStatus> list() {
    return transport
        .call(Request.get("/schedules"))
        .list("schedules", ScheduleStatusJson.class, ScheduleStatusJson::schedule);
  }

  @Override
  public Optional<ScheduleStatus> find(String name) {
    try {
      return Optional.of(
          transport
              .call(Request.get(path(name)))
              .read(ScheduleStatusJson.class, ScheduleStatusJson::schedule));
    } catch (NotFoundException none) {
      return Optional.empty();
    }
  }

  @Override
  public List<ScheduleFire> fires(String name, int limit) {
    if (limit < 1) {
      return List.of();
    }
    try {
      return transport
          .call(Request.get(path(name)).query("fires", Math.min(limit, FIRES_MAX)))
          .list("fires", ScheduleFireJson.class, ScheduleFireJson::fire);
    } catch (NotFoundException none) {
      return List.of();
    }
  }

  /**
   * Pauses a schedule. The previous state is read first, so two concurrent callers may both get
   * true.
   */
  @Override
  public boolean pause(String name) {
    boolean wasPaused = isPaused(name);
    Reply unused = transport.call(Request.post(path(name) + "/pause").harmless());
    return !wasPaused;
  }

  @Override
  public boolean resume(String name) {
    boolean wasPaused = isPaused(name);
    Reply unused = transport.call(Request.post(path(name) + "/resume").harmless());
    return wasPaused;
  }

  private boolean isPaused(String name) {
    return transport
        .call(Request.get(path(name)))
        .read(ScheduleStatusJson.class, ScheduleStatusJson::schedule)
        .pausedAt()
        .isPresent();
  }

  @Override
  public JobId trigger(String name) {
    return transport.call(Request.post(path(name) + "/run")).read(answer -> answer.jobId("job_id"));
  }

  @Override
  public boolean remove(String name) {
    try {
      Reply unused = transport.call(Request.delete(path(name)));
      return true;
    } catch (NotFoundException none) {
      return false;
    }
  }
}
