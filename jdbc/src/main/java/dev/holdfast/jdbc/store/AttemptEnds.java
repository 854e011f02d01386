package dev.holdfast.jdbc.store;

import dev.holdfast.JobState;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Transition;
import java.util.Optional;

/** Recognizes repeated acknowledgements. */
final class AttemptEnds {
  /** Reads the end of a lease; if the holder itself ended it, the token is unchanged. */
  private static final Sql TOLD =
      Sql.of(
          """
          select state, case when ended_token = token then ended_as end
            from jobs
           where id = :id and token = :token and state <> 'RUNNING'
          """);

  private AttemptEnds() {}

  /**
   * Returns the end that the lease's holder reported; empty if it has not, or the lease ended
   * otherwise before.
   */
  static Optional<AttemptEnd> of(Session session, Lease lease) {
    return session
        .sql(TOLD)
        .set("id", lease.job())
        .set("token", lease.token())
        .first(row -> end(JobState.valueOf(row.text(1)), row.maybeText(2)));
  }

  private static AttemptEnd end(JobState state, Optional<String> endedAs) {
    Optional<Transition.Kind> completed =
        state == JobState.COMPLETED ? Optional.of(Transition.Kind.COMPLETE) : Optional.empty();
    return new AttemptEnd(endedAs.map(Transition.Kind::valueOf).or(() -> completed), state);
  }

  /** Returns whether this very acknowledgement was accepted before. */
  static boolean isRepeated(Session session, Acknowledgement end) {
    return of(session, end.lease()).filter(before -> before.isRepeatedBy(end)).isPresent();
  }
}
