package dev.holdfast.torture.checker;

import java.util.List;

/** Finds jobs that nobody enqueued, and second jobs of one idempotency key. */
final class Intruders implements Promise.Check {

  @Override
  public List<String> breaches(JobCase job, Blows blows) {
    if (job.asked().isEmpty()) {
      return List.of("nobody enqueued it");
    }
    if (job.isDuplicate() && job.row().isPresent()) {
      return List.of(
          "its producer was told that its key belongs to %s, and it is in the store"
              .formatted(job.answer().orElseThrow()));
    }
    return List.of();
  }
}
