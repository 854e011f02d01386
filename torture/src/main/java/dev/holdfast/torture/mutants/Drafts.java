package dev.holdfast.torture.mutants;

import dev.holdfast.spi.record.JobDraft;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Creates job drafts that lack some of their fields. */
final class Drafts {
  private Drafts() {}

  static JobDraft atOnce(JobDraft job) {
    return without(job, Set.of("runAt", "delay"));
  }

  static JobDraft withoutKey(JobDraft job) {
    return without(job, Set.of("key"));
  }

  /** Returns a copy without some fields; by reflection, so that new fields change nothing here. */
  private static JobDraft without(JobDraft job, Set<String> forgotten) {
    RecordComponent[] components = JobDraft.class.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        boolean isForgotten = forgotten.contains(components[i].getName());
        values[i] = isForgotten ? Optional.empty() : components[i].getAccessor().invoke(job);
      }
      return JobDraft.class.getConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException("a draft cannot be copied", failure);
    }
  }
}
