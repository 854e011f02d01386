package dev.holdfast.torture.mutants;

import dev.holdfast.spi.JobStore;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The broken stores. */
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
  /** See {@link LapsesAsCrashes}. */
  LAPSES_AS_CRASHES(LapsesAsCrashes::new),
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
  LOST_EVENTS(LostEvents::new),
  /** See {@link LostNotes}. */
  LOST_NOTES(LostNotes::new),
  /** See {@link RestingClaims}. */
  RESTING_CLAIMS(RestingClaims::new),
  /** See {@link OnlyForward}. */
  ONLY_FORWARD(OnlyForward::new),
  /** See {@link PoisonedConnection}. */
  POISONED_CONNECTION(PoisonedConnection::new),
  /** See {@link WaitingEnds}. */
  WAITING_ENDS(WaitingEnds::new),
  /** See {@link RescueInOneBatch}. */
  RESCUE_IN_ONE_BATCH(RescueInOneBatch::new);

  @SuppressWarnings("ImmutableEnumChecker") // a constructor has no state
  private final BiFunction<JobStore, String, Changes> changes;

  Mutant(Function<JobStore, Changes> changes) {
    this((store, url) -> changes.apply(store));
  }

  Mutant(BiFunction<JobStore, String, Changes> changes) {
    this.changes = changes;
  }

  /** Returns its name in an address. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the mutant with this {@link #label}. */
  public static Mutant named(String label) {
    return Arrays.stream(values())
        .filter(mutant -> mutant.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown mutant '%s': expected one of %s"
                        .formatted(label, Arrays.stream(values()).map(Mutant::label).toList())));
  }

  /**
   * Returns the broken store.
   *
   * @param url the driver's URL of the store
   */
  JobStore breakStore(JobStore store, String url) {
    return changes.apply(store, url).store();
  }
}
