package dev.holdfast.jdbc.store;

import dev.holdfast.Lease;
import dev.holdfast.jdbc.store.Database.Work;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** The transactions that an exchange takes: one, or two at once, and one for what is limited. */
final class ExchangeTransactions {
  /** Two transactions at once cost a change of threads: that many acknowledgements are worth it. */
  private static final int SIDE_BY_SIDE_MIN = 20;

  private final Database database;
  private final Exchanges exchanges;
  private final Claims claims;
  private final AtomicInteger turns = new AtomicInteger();

  ExchangeTransactions(Database database, Exchanges exchanges, Claims claims) {
    this.database = database;
    this.exchanges = exchanges;
    this.claims = claims;
  }

  /**
   * What is under limits is claimed in a transaction of its own, which holds their rows: before the
   * rest and after it in turns, so that neither starves the other.
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
    Exchange ends = exchangeUnlimited(acknowledgements, claim.limit(0, 0));
    LimitedClaims.Taken limited = claimLimited(claim);
    Claim rest = claim.without(limited.opened());
    Exchange first = plus(ends, limited.jobs(), limited.again());
    return plus(first, exchangeUnlimited(List.of(), rest).claimed(), first.again());
  }

  private LimitedClaims.Taken claimLimited(Claim claim) {
    return claim.free() + claim.ahead() == 0
        ? LimitedClaims.Taken.NOTHING
        : database.write(
            ConnectionUse.WORK,
            (session, now, news) -> claims.claimLimited(session, claim, now, news));
  }

  private static Exchange plus(Exchange first, List<Claimed> more, Optional<Duration> again) {
    List<Claimed> all = new ArrayList<>(first.claimed());
    all.addAll(more);
    return new Exchange(all, first.stale(), again);
  }

  private Exchange exchangeUnlimited(List<Acknowledgement> acknowledgements, Claim claim) {
    Work<List<Lease>> ends =
        (session, now, news) -> exchanges.acknowledge(session, acknowledgements, now, news);
    Work<List<Claimed>> begins = (session, now, news) -> exchanges.claim(session, claim, now, news);
    BiFunction<List<Lease>, List<Claimed>, Exchange> both =
        (stale, claimed) -> new Exchange(claimed, stale);
    if (acknowledgements.isEmpty()) {
      return database.writeEach(
          ConnectionUse.WORK,
          (session, now, news) ->
              new Exchange(exchanges.claim(session, claim, now, news), List.of()));
    }
    boolean isLarge = acknowledgements.size() >= SIDE_BY_SIDE_MIN && claim.limit() > 0;
    return isLarge
        ? database.writeBoth(ConnectionUse.WORK, ends, begins, both)
        : database.write(ConnectionUse.WORK, Work.both(ends, begins, both));
  }
}
