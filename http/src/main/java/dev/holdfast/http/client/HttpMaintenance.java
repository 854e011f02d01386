package dev.holdfast.http.client;

import dev.holdfast.Finding;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.Maintenance;
import dev.holdfast.MonitorConfig;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Retention;
import dev.holdfast.check.Durations;
import dev.holdfast.http.wire.FindingJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks and repairs through a server. Thread-safe. */
final class HttpMaintenance implements Maintenance {
  private final Transport transport;

  HttpMaintenance(Transport transport) {
    this.transport = transport;
  }

  @Override
  public List<Finding> examine() {
    return transport
        .call(Request.post("/maintenance/integrity-check").harmless().slow())
        .list("findings", FindingJson.class, FindingJson::finding);
  }

  @Override
  public List<JobId> recoverStuck(
      Duration longerThan, JobFilter filter, MonitorConfig.Action action, int limit, String by) {
    if (!filter.ids().isEmpty()) {
      throw new UnsupportedOperationException(
          "a server recovers stuck jobs by queue, type and group, not by ids: cancel or retry"
              + " them instead");
    }
    Request request =
        HttpJobs.filtered(Request.post("/jobs/recover-stuck"), filter)
            .query("timeout", Durations.write(longerThan))
            .query("action", word(action))
            .query("limit", limit);
    return transport.call(request.slow()).read(answer -> answer.jobIds("job_ids"));
  }

  @Override
  public List<JobId> recoverDead(@Nullable RecoveryPolicy policy, String by) {
    Request request =
        Request.post("/jobs/recover-dead")
            .query("policy", Optional.ofNullable(policy).map(HttpMaintenance::word));
    return transport.call(request.slow()).read(answer -> answer.jobIds("job_ids"));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Removes old jobs and returns at most the first 100,000 of their ids. The server's own retention
   * applies to the audit log.
   */
  @Override
  public List<JobId> removeOld(Retention retention) {
    Map<String, @Nullable Object> ages = new LinkedHashMap<>();
    ages.put("completed", age(retention.completed()));
    ages.put("failed", age(retention.failed()));
    ages.put("cancelled", age(retention.cancelled()));
    ages.put("logs", age(retention.logs()));
    return transport
        .call(Request.post("/maintenance/cleanup").json(ages).slow())
        .read(answer -> answer.jobIds("job_ids"));
  }

  private static @Nullable String age(Optional<Duration> age) {
    return age.map(Durations::write).orElse(null);
  }
}
