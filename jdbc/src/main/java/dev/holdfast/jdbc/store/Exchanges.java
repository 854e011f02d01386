package dev.holdfast.jdbc.store;

import dev.holdfast.Lease;
import dev.holdfast.Transition;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Notes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Ends of attempts and the beginnings of others, as their holder tells. */
final class Exchanges {
  /** The end of a lease that its holder brought about itself leaves the token as it was. */
  private static final Sql ENDED_BY_HOLDER =
      Sql.of("select 1 from jobs where id = :id and token = :token and state <> 'RUNNING'");

  private final Dialect dialect;
  private final Completions completions;
  private final Endings endings;
  private final Notebook notebook;
  private final Claims claims;

  Exchanges(
      Dialect dialect, Completions completions, Endings endings, Notebook notebook, Claims claims) {
    this.dialect = dialect;
    this.completions = completions;
    this.endings = endings;
    this.notebook = notebook;
    this.claims = claims;
  }

  /**
   * Ends attempts, in the order of ids, so that two nodes' transactions cannot wait for each other.
   *
   * @return the leases that had ended before
   */
  List<Lease> acknowledge(
      Session session, List<Acknowledgement> acknowledgements, long now, News news) {
    List<Acknowledgement> completed = new ArrayList<>(acknowledgements.size());
    List<Acknowledgement> refused = new ArrayList<>();
    List<Acknowledgement> ordered = new ArrayList<>(acknowledgements);
    ordered.sort(Comparator.comparing(end -> end.lease().job()));
    if (!ordered.stream().allMatch(Exchanges::isPlain)) {
      dialect.hold(session, ordered.stream().map(end -> end.lease().job()).toList());
    }
    for (Acknowledgement end : ordered) {
      claims.ended(end.lease().job(), news);
      Notes notes = end.notes();
      boolean repeated = !notes.isEmpty() && endedByHolder(session, end.lease());
      if (!notes.isEmpty() && !repeated) {
        notebook.write(session, notes, now);
      }
      if (end.transition().kind() == Transition.Kind.COMPLETE) {
        completed.add(end);
      } else if (!endings.byHolder(session, end, now, news)) {
        refused.add(end);
      }
    }
    refused.addAll(completions.complete(session, completed, now, news));
    return refused.stream()
        .map(Acknowledgement::lease)
        .filter(lease -> !endedByHolder(session, lease))
        .toList();
  }

  /** One statement does it all. */
  private static boolean isPlain(Acknowledgement end) {
    return end.transition().kind() == Transition.Kind.COMPLETE && end.notes().isEmpty();
  }

  private static boolean endedByHolder(Session session, Lease lease) {
    return session
        .sql(ENDED_BY_HOLDER)
        .set("id", lease.job())
        .set("token", lease.token())
        .first(row -> true)
        .isPresent();
  }

  /** Begins attempts. */
  List<Claimed> claim(Session session, Claim claim, long now, News news) {
    return claim.limit() == 0 || claim.types().isEmpty()
        ? List.of()
        : claims.claim(session, claim, now, news);
  }
}
