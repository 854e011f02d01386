package dev.holdfast.http;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes secrets from webhook deliveries, as the message of a job's failure may quote them.
 * Thread-safe.
 */
public final class DeliveryRedaction {
  private final Redaction redaction;
  private final Function<JobId, Optional<Job>> jobs;

  /**
   * Creates a redaction of deliveries.
   *
   * @param jobs finds the job of a failure, whose secrets are removed
   */
  public DeliveryRedaction(Redaction redaction, Function<JobId, Optional<Job>> jobs) {
    this.redaction = redaction;
    this.jobs = jobs;
  }

  /**
   * Returns the data of a delivery without secrets. If the job of a failure no longer exists, the
   * whole message is omitted, as its secrets are unknown.
   *
   * @param data a JSON object
   */
  public String of(String data) {
    if (redaction.isNone()) {
      return data;
    }
    JsonNode node = Json.read("the data of a delivery", data);
    if (!(node.at("/job/failure") instanceof ObjectNode failure)) {
      return data;
    }
    Optional<Job> job = jobs.apply(JobId.parse(node.at("/job/id").asString()));
    String message = failure.get("message").asString();
    failure.put(
        "message", job.map(known -> redaction.of(message, known)).orElse(Redaction.INSTEAD));
    return Json.write(node);
  }
}
