package dev.holdfast.jdbc.search;

import dev.holdfast.JobState;
import dev.holdfast.jdbc.sql.Sql;
import java.util.Optional;

/**
 * An index along which searches walk, with the statements that do: for the end of a stretch, the
 * number of its jobs, and those of its jobs that match.
 *
 * <p>A range compares the columns of its index together, or hides those of others, so that no
 * planner prefers another index, whatever its statistics are.
 */
@SuppressWarnings("ImmutableEnumChecker") // statements do not change once they are parsed
enum SearchIndex {
  /** All jobs by id. */
  ID("id", "id < :below and id >= :above", "id desc"),

  /** The jobs of a group by id. */
  GROUP("id", "job_group = :group and id < :below and id >= :above", "id desc"),

  /** Blocked jobs by id. */
  BLOCKED("id", "state = 'BLOCKED' and id < :below and id >= :above", "id desc"),

  /** Running jobs, which are few: the database sorts them. */
  RUNNING(
      "id",
      "state = 'RUNNING' and coalesce(id, id) < :below and coalesce(id, id) >= :above",
      "coalesce(id, id) desc"),

  /** Dead letters by id. */
  FAILED(
      "id",
      """
      (state = 'FAILED' or state = 'INTERRUPTED' or state = 'CANCELLED') and state > ''
         and (state, id) < ('FAILED', :below) and (state, id) >= ('FAILED', :above)\
      """,
      "state desc, id desc"),

  /** Jobs to review by id. */
  INTERRUPTED(
      "id",
      """
      (state = 'FAILED' or state = 'INTERRUPTED' or state = 'CANCELLED') and state > ''
         and (state, id) < ('INTERRUPTED', :below) and (state, id) >= ('INTERRUPTED', :above)\
      """,
      "state desc, id desc"),

  /** Cancelled jobs by id. */
  CANCELLED(
      "id",
      """
      (state = 'FAILED' or state = 'INTERRUPTED' or state = 'CANCELLED') and state > ''
         and (state, id) < ('CANCELLED', :below) and (state, id) >= ('CANCELLED', :above)\
      """,
      "state desc, id desc"),

  /** Finished jobs by the time of their end, newest first. */
  END(
      "finished_at",
      """
      finished_at is not null
         and finished_at <= :from_at and finished_at >= :to_at
         and (finished_at < :from_at or id < :from_id)\
      """,
      "finished_at desc, id desc"),

  /** Dead letters by the time of their end, newest first. */
  FAILED_END(
      "finished_at",
      """
      state = 'FAILED'
         and finished_at <= :from_at and finished_at >= :to_at
         and (finished_at < :from_at or id < :from_id)\
      """,
      "finished_at desc nulls last, id desc"),

  /** Scheduled jobs by the time at which they are due, soonest first. */
  RUN_AT(
      "run_at",
      """
      state = 'SCHEDULED'
         and run_at >= :from_at and run_at <= :to_at
         and (run_at > :from_at or id > :from_id)\
      """,
      "run_at, id"),

  /** Jobs with a value in an indexed field, or with a tag, by id. */
  FIELD(
      "job_fields",
      "job_id",
      "field = :field and value = :value and job_id < :below and job_id >= :above",
      "job_id desc"),

  /** Those of a group, by id. */
  FIELD_OF_GROUP(
      "job_fields",
      "job_id",
      """
      job_group is not null
         and (job_group, field, value, job_id) < (:group, :field, :value, :below)
         and (job_group, field, value, job_id) >= (:group, :field, :value, :above)\
      """,
      "job_group desc, field desc, value desc, job_id desc");

  /** Jobs of a stretch that a walk over indexed fields reads at most. */
  static final int FIELD_STRETCH = 500;

  private final String table;
  private final String column;
  private final String range;
  private final String order;
  private final Sql end;
  private final Sql count;

  SearchIndex(String column, String range, String order) {
    this("jobs", column, range, order);
  }

  /**
   * @param table the table that has the index
   * @param column the column by which the walk is cut into stretches
   * @param range the jobs from one place to another
   * @param order the order of the index
   */
  SearchIndex(String table, String column, String range, String order) {
    this.table = table;
    this.column = column;
    this.range = range;
    this.order = order;
    this.end =
        Sql.of(
            """
            select %s from %s
             where %s
             order by %s
             limit 1 offset :behind
            """
                .formatted(column, table, range, order));
    this.count =
        Sql.of(
            """
            select count(*) from
              (select 1 as one from %s
                where %s
                order by %s
                limit :most) walked
            """
                .formatted(table, range, order));
  }

  /** Returns the index of the jobs in a state that has one of ids. */
  static SearchIndex of(JobState state) {
    return valueOf(state.name());
  }

  /** Returns the time by which a job stands in this index; 0 in an index of ids. */
  long at(Optional<Long> finishedAt, long runAt) {
    return switch (this) {
      case END, FAILED_END -> finishedAt.orElse(0L);
      case RUN_AT -> runAt;
      default -> 0;
    };
  }

  /** Returns whether the walk goes by id alone. */
  boolean isById() {
    return column.equals("id") || isOfFields();
  }

  /** Returns whether the walk goes along tags or indexed fields. */
  boolean isOfFields() {
    return table.equals("job_fields");
  }

  /** Returns whether the walk goes from small values to large ones. */
  boolean isAscending() {
    return this == RUN_AT;
  }

  /** Returns the query for the place of the job that is {@code :behind} jobs behind the first. */
  Sql end() {
    return end;
  }

  /** Returns the query for the number of jobs from one place to another, at most {@code :most}. */
  Sql count() {
    return count;
  }

  /** Returns the query for the jobs from one place to another that meet these conditions. */
  Sql filter(String columns, String conditions) {
    return isOfFields() ? filterOfFields(columns, conditions) : filterOfJobs(columns, conditions);
  }

  /**
   * The limit changes nothing, as stretches are not longer. It tells planners that the jobs are few
   * and read one by one, in the order of the walk.
   */
  private Sql filterOfFields(String columns, String conditions) {
    return Sql.of(
        """
        select %s from
          (select job_id as walked_id from job_fields
            where %s
            order by %s
            limit %d) walked
          cross join job_rows
         where id = walked_id
           %s
         order by walked_id desc
         limit :limit
        """
            .formatted(columns, range, order, FIELD_STRETCH, conditions));
  }

  private Sql filterOfJobs(String columns, String conditions) {
    return Sql.of(
        """
        select %s from job_rows
         where %s
           %s
         order by %s
         limit :limit
        """
            .formatted(columns, range, conditions, order));
  }
}
