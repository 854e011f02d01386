package dev.holdfast.http;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What webhooks are told, without what is secret: the message of a job's failure may quote it. Safe
 * from any thread.
 */
public final class DeliveryRedaction {
  private final Redaction redaction;
  private final Function<JobId, Optional<Job>> jobs;

  /**
   * Without these secrets.
   *
   * @param jobs finds the job of a failure, whose secrets are looked for
   */
  public DeliveryRedaction(Redaction redaction, Function<JobId, Optional<Job>> jobs) {
    this.redaction = redaction;
    this.jobs = jobs;
  }

  /**
   * The data of a delivery. Of a failure whose job is not there any more the whole message is left
   * out, as nobody knows what would have been secret in it.
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
