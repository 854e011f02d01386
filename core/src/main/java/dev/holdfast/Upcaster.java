package dev.holdfast;

import org.jspecify.annotations.Nullable;

/** Converts a stored payload from one version to the next. Called by many threads. */
@FunctionalInterface
public interface Upcaster {

  /**
   * Converts a payload.
   *
   * @param payload plain JSON values: {@code Map<String, Object>} (may be changed and returned),
   *     {@code List<Object>}, {@code String}, {@code Number}, {@code Boolean} or null
   * @return plain JSON values again
   * @throws Exception if it cannot; the job is then {@link JobState#FAILED} with kind {@link
   *     Failure.Kind#PAYLOAD}, and the stored payload stays as it is
   */
  @Nullable Object upcast(@Nullable Object payload) throws Exception;
}
