package dev.holdfast.jdbc.store;

import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Database.Work;
import dev.holdfast.jdbc.store.Exchanges.Result;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Splits an exchange into transactions: one, or two at once, and one for jobs under limits. */
final class ExchangeTransactions {
  /**
   * The number of acknowledgements from which two transactions at once are worth a thread switch.
   */
  private static final int SIDE_BY_SIDE_MIN = 20;

  private final Database database;
  private final Exchanges exchanges;
  private final Ends ends;
  private final Claims claims;
  private final AtomicInteger turns = new AtomicInteger();
  private volatile boolean areLimitsHeld; // by others, at the last try

  ExchangeTransactions(Database database, Exchanges exchanges, Claims claims) {
    this.database = database;
    this.exchanges = exchanges;
    this.ends = new Ends(database, exchanges);
    this.claims = claims;
  }

  /**
   * Exchanges. Jobs under limits are claimed in a transaction of their own, which locks the rows of
   * the limits: alternately before and after the rest, so that neither starves the other.
   */
  Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim) {
    boolean limitedFirst = claims.hasLimited() && turns.incrementAndGet() % 2 == 0;
    if (!limitedFirst) {
      Exchange first = exchangeUnlimited(acknowledgements, claim);
      if (!claims.hasLimited()) {
        return first;
      }
      LimitedClaims.Taken limited = claimLimited(claim.without(first.claimed().size()));
      return plus(first, limited.jobs(), limited.again());
    }
    Exchange ended = exchangeUnlimited(acknowledgements, claim.limit(0, 0));
    LimitedClaims.Taken limited = claimLimited(claim);
    Claim rest = claim.without(limited.opened());
    Exchange first = plus(ended, limited.jobs(), limited.again());
    return plus(first, exchangeUnlimited(List.of(), rest).claimed(), first.again());
  }

  /**
   * Claims jobs under limits. Other nodes hold the rows of limits for the duration of a claim;
   * limits held for longer are left out this time.
   */
  private LimitedClaims.Taken claimLimited(Claim claim) {
    if (claim.free() + claim.ahead() == 0) {
      return LimitedClaims.Taken.NOTHING;
    }
    Work<LimitedClaims.Taken> waiting = tx -> claims.claimLimited(tx, claim, true);
    Work<LimitedClaims.Taken> free = tx -> claims.claimLimited(tx, claim, false);
    Work<LimitedClaims.Taken> none = tx -> LimitedClaims.Taken.BUSY;
    Work<LimitedClaims.Taken> careful = free.orIfBusy(none);
    LimitedClaims.Taken taken =
        database.write(ConnectionUse.WORK, areLimitsHeld ? careful : waiting.orIfBusy(careful));
    areLimitsHeld = taken.isAnyHeld();
    return taken;
  }

  private static Exchange plus(Exchange first, List<Claimed> more, Optional<Duration> again) {
    List<Claimed> all = new ArrayList<>(first.claimed());
    all.addAll(more);
    return new Exchange(all, first.stale(), first.setAside(), again);
  }

  private Exchange exchangeUnlimited(List<Acknowledgement> acknowledgements, Claim claim) {
    Work<List<Claimed>> begins = tx -> exchanges.claim(tx, claim);
    Work<List<Claimed>> orNothing = begins.orIfBusy(tx -> List.of());
    if (acknowledgements.isEmpty()) {
      List<Claimed> claimed =
          claims.isSpread() // one commit costs less than one with each statement
              ? database.write(ConnectionUse.WORK, orNothing)
              : database.writeEach(ConnectionUse.WORK, orNothing);
      return new Exchange(claimed, List.of());
    }
    Work<Result> first = ends.begin(acknowledgements);
    boolean isLarge = acknowledgements.size() >= SIDE_BY_SIDE_MIN && claim.limit() > 0;
    Begun begun =
        isLarge
            ? database.writeBoth(ConnectionUse.WORK, first, orNothing, Begun::new)
            : database.write(ConnectionUse.WORK, Work.both(first, orNothing, Begun::new));
    Result all = ends.finish(acknowledgements, begun.ends);
    return new Exchange(begun.claimed, all.stale(), all.setAside(), Optional.empty());
  }

  private record Begun(Result ends, List<Claimed> claimed) {}
}
