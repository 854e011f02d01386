package dev.holdfast.http.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.Progress;
import dev.holdfast.check.Limits;
import dev.holdfast.http.Redaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Wire form of a {@link Job}: one flat object.
 *
 * @param lapses always there; older servers had none
 * @param payload null if it is omitted
 * @param result null if it is omitted
 * @param omitted the names of the fields that are null as they are long; missing if there are none
 */
public record JobJson(
    JobId id,
    String queue,
    String type,
    JobState state,
    int priority,
    int attempt,
    int maxAttempts,
    int crashes,
    Optional<Integer> lapses,
    Optional<Integer> progress,
    Optional<String> progressMessage,
    Optional<String> group,
    Optional<String> key,
    List<String> tags,
    Optional<RawJson> metadata,
    Optional<RawJson> requires,
    Optional<String> createdBy,
    Optional<Double> timeoutSeconds,
    Optional<RawJson> payload,
    int payloadVersion,
    Optional<RawJson> result,
    Optional<FailureJson> failure,
    long token,
    Optional<NodeId> node,
    Optional<String> worker,
    Optional<String> host,
    Optional<Long> processId,
    Instant createdAt,
    Instant runAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    Optional<Instant> interruptedAt,
    Instant updatedAt,
    @JsonInclude(Include.NON_ABSENT) Optional<List<String>> omitted) {

  /** Returns a job with everything. */
  public static JobJson of(Job job) {
    return of(job, Redaction.none());
  }

  /** Returns a job without what is secret. */
  public static JobJson of(Job job, Redaction redaction) {
    return of(job, redaction, List.of());
  }

  /**
   * Returns a job of a list without what is secret, and without a payload or a result of more than
   * {@link Limits#LISTED_CHARS_MAX} characters.
   */
  public static JobJson listed(Job job, Redaction redaction) {
    List<String> omitted = new ArrayList<>();
    if (isLong(job.payload())) {
      omitted.add("payload");
    }
    if (job.result().filter(JobJson::isLong).isPresent()) {
      omitted.add("result");
    }
    return of(job, redaction, omitted);
  }

  private static boolean isLong(String json) {
    return json.length() > Limits.LISTED_CHARS_MAX;
  }

  private static JobJson of(Job job, Redaction redaction, List<String> omitted) {
    Optional<String> payload = Optional.of(job.payload());
    return new JobJson(
        job.id(),
        job.queue(),
        job.type(),
        job.state(),
        job.priority(),
        job.attempt(),
        job.maxAttempts(),
        job.crashes(),
        Optional.of(job.lapses()),
        job.progress().map(Progress::percent),
        job.progress().map(Progress::message),
        job.group(),
        job.key(),
        job.tags(),
        job.metadata().map(json -> new RawJson(redaction.of("metadata", json))),
        RawJson.of(job.requires()),
        job.createdBy(),
        job.timeout().map(Seconds::of),
        payload
            .filter(json -> !omitted.contains("payload"))
            .map(json -> new RawJson(redaction.of("payload", json))),
        job.payloadVersion(),
        job.result()
            .filter(json -> !omitted.contains("result"))
            .map(json -> new RawJson(redaction.of("result", json))),
        job.failure().map(why -> FailureJson.of(redaction.of(why, job))),
        job.token(),
        job.holder().map(Job.Holder::node),
        job.holder().map(Job.Holder::name),
        job.holder().map(Job.Holder::host),
        job.holder().map(Job.Holder::processId),
        job.createdAt(),
        job.runAt(),
        job.startedAt(),
        job.finishedAt(),
        job.interruptedAt(),
        job.updatedAt(),
        Optional.of(omitted).filter(names -> !names.isEmpty()));
  }

  /** Returns the job; one whose payload is omitted has the payload {@code null}. */
  public Job job() {
    return Job.builder()
        .id(id)
        .queue(queue)
        .type(type)
        .state(state)
        .priority(priority)
        .attempt(attempt)
        .maxAttempts(maxAttempts)
        .crashes(crashes)
        .lapses(lapses.orElse(0))
        .progress(
            progress.map(percent -> new Progress(percent, progressMessage.orElse(""))).orElse(null))
        .group(group.orElse(null))
        .key(key.orElse(null))
        .tags(tags)
        .metadata(RawJson.text(metadata).orElse(null))
        .requires(RawJson.text(requires).orElse(null))
        .createdBy(createdBy.orElse(null))
        .timeout(timeoutSeconds.map(Seconds::read).orElse(null))
        .payload(RawJson.text(payload).orElse("null"))
        .payloadVersion(payloadVersion)
        .result(RawJson.text(result).orElse(null))
        .failure(failure.map(FailureJson::failure).orElse(null))
        .token(token)
        .holder(node.map(this::holder).orElse(null))
        .createdAt(createdAt)
        .runAt(runAt)
        .startedAt(startedAt.orElse(null))
        .finishedAt(finishedAt.orElse(null))
        .interruptedAt(interruptedAt.orElse(null))
        .updatedAt(updatedAt)
        .build();
  }

  private Job.Holder holder(NodeId on) {
    return new Job.Holder(on, worker.orElse(""), host.orElse(""), processId.orElse(0L));
  }
}
