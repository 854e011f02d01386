package dev.holdfast.torture.mutants;

import dev.holdfast.spi.JobStore;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/** The stores that break the promise. */
public enum Mutant {
  /** See {@link EarlyAnswer}. */
  EARLY_ANSWER(EarlyAnswer::new),
  /** See {@link HalfBatch}. */
  HALF_BATCH(HalfBatch::new),
  /** See {@link HeldBackEnds}. */
  HELD_BACK_ENDS(HeldBackEnds::new),
  /** See {@link AnyToken}. */
  ANY_TOKEN(AnyToken::new),
  /** See {@link SameToken}. */
  SAME_TOKEN(SameToken::new),
  /** See {@link ClaimedTwice}. */
  CLAIMED_TWICE(ClaimedTwice::new),
  /** See {@link Slander}. */
  SLANDER(Slander::new),
  /** See {@link SilentAtTheEnd}. */
  SILENT_AT_THE_END(SilentAtTheEnd::new),
  /** See {@link UncountedCrashes}. */
  UNCOUNTED_CRASHES(UncountedCrashes::new),
  /** See {@link PhantomCompletion}. */
  PHANTOM_COMPLETION(PhantomCompletion::new),
  /** See {@link DroppedAtRescue}. */
  DROPPED_AT_RESCUE(DroppedAtRescue::new),
  /** See {@link HiddenDead}. */
  HIDDEN_DEAD(HiddenDead::new),
  /** See {@link BeforeTheirTime}. */
  BEFORE_THEIR_TIME(BeforeTheirTime::new),
  /** See {@link ForgottenKeys}. */
  FORGOTTEN_KEYS(ForgottenKeys::new),
  /** See {@link LostEvents}. */
  LOST_EVENTS(LostEvents::new);

  @SuppressWarnings("ImmutableEnumChecker") // a constructor has no state
  private final Function<JobStore, Changes> changes;

  Mutant(Function<JobStore, Changes> changes) {
    this.changes = changes;
  }

  /** Its name in an address. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The mutant with this {@link #label}. */
  public static Mutant named(String label) {
    return Arrays.stream(values())
        .filter(mutant -> mutant.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "mutant '%s' is unknown, expected one of %s"
                        .formatted(label, Arrays.stream(values()).map(Mutant::label).toList())));
  }

  JobStore breakStore(JobStore store) {
    return changes.apply(store).store();
  }
}
