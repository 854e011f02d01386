package dev.holdfast.jdbc.store;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Database.Work;
import dev.holdfast.jdbc.store.Claims.Found;
import dev.holdfast.jdbc.store.Ends.Result;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Acknowledges finished attempts and claims new ones, in one transaction or in two at once. Jobs
 * under limits are claimed in another transaction, which locks the rows of the limits: alternately
 * before and after the rest, so that neither starves the other.
 */
final class Exchanges {
  /**
   * The number of acknowledgements from which two transactions at once are worth a thread switch.
   */
  private static final int SIDE_BY_SIDE_MIN = 20;

  private final Database database;
  private final Ends ends;
  private final Claims claims;
  private final AtomicInteger turns = new AtomicInteger();
  private volatile boolean isLimitedLeft; // at the last claim that looked, as below
  private volatile boolean isSpread;
  private volatile boolean areLimitsHeld; // by others, at the last try

  Exchanges(Database database, Ends ends, Claims claims) {
    this.database = database;
    this.ends = ends;
    this.claims = claims;
  }

  /**
   * An exchange without jobs under limits.
   *
   * @param isLimitedLeft whether it left such jobs
   */
  private record Part(Exchange exchange, boolean isLimitedLeft) {}

  Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim) {
    boolean isLimitedFirst = isLimitedLeft && turns.incrementAndGet() % 2 == 0;
    return isLimitedFirst
        ? limitedFirst(acknowledgements, claim)
        : limitedLast(acknowledgements, claim);
  }

  private Exchange limitedFirst(List<Acknowledgement> acknowledgements, Claim claim) {
    Exchange ended = unlimited(acknowledgements, claim.limit(0, 0)).exchange;
    LimitedClaims.Taken limited = limited(claim);
    Exchange rest = unlimited(List.of(), claim.without(limited.opened())).exchange;
    return plus(plus(ended, limited.jobs(), limited.again()), rest.claimed(), limited.again());
  }

  private Exchange limitedLast(List<Acknowledgement> acknowledgements, Claim claim) {
    Part first = unlimited(acknowledgements, claim);
    if (!first.isLimitedLeft) {
      return first.exchange;
    }
    LimitedClaims.Taken limited = limited(claim.without(first.exchange.claimed().size()));
    return plus(first.exchange, limited.jobs(), limited.again());
  }

  private static Exchange plus(Exchange first, List<Claimed> more, Optional<Duration> again) {
    List<Claimed> all = new ArrayList<>(first.claimed());
    all.addAll(more);
    return new Exchange(all, first.stale(), first.setAside(), again);
  }

  /**
   * Claims jobs under limits. Other nodes hold the rows of limits for the duration of a claim;
   * limits held for longer are left out this time.
   */
  private LimitedClaims.Taken limited(Claim claim) {
    if (claim.free() + claim.ahead() == 0) {
      return LimitedClaims.Taken.NOTHING;
    }
    Work<LimitedClaims.Taken> waiting = tx -> claims.claimLimited(tx, claim, true);
    Work<LimitedClaims.Taken> free = tx -> claims.claimLimited(tx, claim, false);
    Work<LimitedClaims.Taken> careful = free.orIfBusy(tx -> LimitedClaims.Taken.BUSY);
    LimitedClaims.Taken taken =
        database.write(ConnectionUse.WORK, areLimitsHeld ? careful : waiting.orIfBusy(careful));
    areLimitsHeld = taken.isAnyHeld();
    return taken;
  }

  /** Acknowledges, and claims jobs that no limit counts. */
  private Part unlimited(List<Acknowledgement> acknowledgements, Claim claim) {
    Work<Optional<Found>> begins = tx -> claims.claim(tx, claim);
    Work<Optional<Found>> orNothing = begins.orIfBusy(tx -> Optional.empty());
    if (acknowledgements.isEmpty()) {
      return part(
          Result.ALL_ACCEPTED,
          isSpread // one commit costs less than one with each statement
              ? database.write(ConnectionUse.WORK, orNothing)
              : database.writeEach(ConnectionUse.WORK, orNothing));
    }
    Work<Result> first = ends.begin(acknowledgements);
    boolean isLarge = acknowledgements.size() >= SIDE_BY_SIDE_MIN && claim.limit() > 0;
    Begun begun =
        isLarge
            ? database.writeBoth(ConnectionUse.WORK, first, orNothing, Begun::new)
            : database.write(ConnectionUse.WORK, Work.both(first, orNothing, Begun::new));
    return part(ends.finish(acknowledgements, begun.ends), begun.found);
  }

  private record Begun(Result ends, Optional<Found> found) {}

  /** Remembers what the claim found; a claim that did not look changes nothing. */
  private Part part(Result ended, Optional<Found> found) {
    found.ifPresent(
        seen -> {
          isLimitedLeft = seen.isLimitedLeft();
          isSpread = seen.isSpread();
        });
    List<Claimed> claimed = found.map(Found::jobs).orElse(List.of());
    return new Part(
        new Exchange(claimed, ended.stale(), ended.setAside(), Optional.empty()),
        found.map(Found::isLimitedLeft).orElse(isLimitedLeft));
  }
}
