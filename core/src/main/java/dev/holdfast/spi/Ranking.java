package dev.holdfast.spi;

import dev.holdfast.ClaimOrder;
import dev.holdfast.JobId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The arithmetic of {@link ClaimOrder}: a job gets a rank when it becomes PENDING; the lowest is
 * claimed first, equal ranks in the order of due times and ids.
 *
 * <p>The ranks of an order form a band of their own. A queue whose order changes moves to the next
 * band; jobs in other bands were ranked by an earlier order and are ranked again. There are several
 * bands, so that a process that still ranks by an old order is detected.
 *
 * <p>{@code WEIGHTED_RANDOM}: a job's rank is the rank of the queue's head, plus a number drawn
 * from the exponential distribution with mean 1 / weight. The probability that a job has the least
 * such number is proportional to its weight; and as the distribution is memoryless, that stays true
 * for jobs that have been waiting while others came.
 *
 * <p>{@code FAIR}: start-time fair queueing. The jobs of a group have consecutive ranks, starting
 * at the rank of the queue's head or after the group's last job, whichever is later.
 *
 * <p>One instance ranks the jobs of one call, or of one switch. Used by one thread at a time.
 */
public final class Ranking {
  /** The number of bands. */
  public static final int BANDS = 4;

  /** The highest absolute priority that affects the weight. */
  public static final int WEIGHED_PRIORITY_MAX = 10_000;

  private static final int BAND_BITS = 61;
  private static final long HALF_BAND = 1L << (BAND_BITS - 1);
  private static final long DRAW = 1 << 24; // the mean draw of a job of weight 1
  private static final int STEPS_PER_MICRO_BITS = 8;
  private static final int FRACTION_BITS = 53;

  /** A store's knowledge of one queue. */
  public interface Line {
    /** Returns the least rank of a PENDING job from {@code from} to below {@code to}. */
    OptionalLong first(long from, long to);

    /**
     * Reserves consecutive ranks for jobs of a group.
     *
     * @param group the group; empty for none
     * @param least lower bound of the first rank
     * @return the first rank
     */
    long book(String group, long least, int jobs);

    /** Returns the rank after the last one that any group has reserved; 0 if none has. */
    long furthest();
  }

  /**
   * A job that becomes PENDING.
   *
   * @param due due time in microseconds
   */
  public record Entrant(JobId id, int priority, Optional<String> group, long due) {}

  private final ClaimOrder order;
  private final int band;
  private long lastDue = Long.MIN_VALUE;
  private long sameDue;

  /** Creates a ranking by this order, in this band. */
  public Ranking(ClaimOrder order, int band) {
    this.order = order;
    this.band = band;
  }

  /** Returns whether a queue's ranks are the negative priorities, which need no {@link Line}. */
  public static boolean isPlain(ClaimOrder order, int band) {
    return order == ClaimOrder.PRIORITY && band == 0;
  }

  /** Returns the band after this one. */
  public static int next(int band) {
    return (band + 1) % BANDS;
  }

  /** Returns the least rank of a band. */
  public static long from(int band) {
    return base(band) - HALF_BAND;
  }

  /** Returns the least rank above a band. */
  public static long to(int band) {
    return base(band) + HALF_BAND;
  }

  /** Returns the base rank of a band: the rank of a job that was given back. */
  public static long base(int band) {
    return (long) band << BAND_BITS;
  }

  /** Returns the weight of a priority, relative to priority 0. */
  public static double weight(int priority) {
    int weighed = Math.max(-WEIGHED_PRIORITY_MAX, Math.min(WEIGHED_PRIORITY_MAX, priority));
    return weighed >= 0 ? 1.0 + weighed : 1.0 / (1.0 - weighed);
  }

  /** Returns the ranks of jobs that become PENDING now, in the order of their arrival. */
  public long[] ranks(List<Entrant> entrants, Line line) {
    return switch (order) {
      case PRIORITY ->
          entrants.stream().mapToLong(job -> base(band) - (long) job.priority()).toArray();
      case FIFO -> entrants.stream().mapToLong(job -> base(band)).toArray();
      case LIFO -> entrants.stream().mapToLong(this::latestFirst).toArray();
      case WEIGHTED_RANDOM -> byLot(entrants, head(line));
      case FAIR -> inTurn(entrants, line);
    };
  }

  /**
   * Returns the rank of a claimed job that is given back: it goes first, as it has already had its
   * turn. Empty if it keeps its rank.
   */
  public OptionalLong returned() {
    boolean keeps = order != ClaimOrder.WEIGHTED_RANDOM && order != ClaimOrder.FAIR;
    return keeps ? OptionalLong.empty() : OptionalLong.of(base(band));
  }

  /** Ranks the latest job first among those with the same due time. */
  private long latestFirst(Entrant job) {
    sameDue = job.due() == lastDue ? sameDue + 1 : 0;
    lastDue = job.due();
    return within(-(job.due() << STEPS_PER_MICRO_BITS) - sameDue);
  }

  /** Returns the head of the queue, ignoring jobs that were given back. */
  private OptionalLong head(Line line) {
    OptionalLong first = line.first(base(band) + 1, to(band));
    return first.isEmpty() ? first : OptionalLong.of(first.getAsLong() - base(band));
  }

  private long[] byLot(List<Entrant> entrants, OptionalLong head) {
    return entrants.stream().mapToLong(job -> within(head.orElse(1) + draw(job))).toArray();
  }

  private static long draw(Entrant job) {
    return Math.round(-Math.log(fraction(job)) * DRAW / weight(job.priority()));
  }

  /**
   * Returns a number above 0 and at most 1, as random as the job's id, and different at another
   * time.
   */
  private static double fraction(Entrant job) {
    long high = mixed(job.id().value().getMostSignificantBits() ^ mixed(job.due()));
    long bits = mixed(job.id().value().getLeastSignificantBits() ^ high);
    return ((bits >>> (Long.SIZE - FRACTION_BITS)) + 1) * 0x1.0p-53;
  }

  /** Mixes bits with the finalizer of SplitMix64. */
  private static long mixed(long bits) {
    long once = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
    return twice ^ (twice >>> 31);
  }

  /** Ranks groups in the order of their names, so that two calls cannot deadlock. */
  private long[] inTurn(List<Entrant> entrants, Line line) {
    Map<String, Integer> jobs = new TreeMap<>();
    entrants.forEach(job -> jobs.merge(groupOf(job), 1, Integer::sum));
    long least = head(line).orElseGet(() -> Math.max(1, line.furthest()));
    Map<String, Long> next = new HashMap<>();
    jobs.forEach((group, count) -> next.put(group, line.book(group, least, count)));
    return entrants.stream()
        .mapToLong(job -> within(next.merge(groupOf(job), 1L, Long::sum) - 1))
        .toArray();
  }

  private static String groupOf(Entrant job) {
    return job.group().orElse("");
  }

  /** Clamps a rank to the band. */
  private long within(long place) {
    return base(band) + Math.max(-HALF_BAND, Math.min(HALF_BAND - 1, place));
  }
}
