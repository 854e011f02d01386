package dev.holdfast.jdbc.search;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.PageCursor;
import dev.holdfast.jdbc.dialect.FieldIndexes;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the walks of a search. Of several that lead to all jobs that match, the one with the
 * fewest jobs is taken: they are counted up to a maximum, in their index alone.
 */
final class SearchPlan {
  /** Beyond this many jobs, one walk is as good as another. */
  private static final int COUNTED_MAX = 10_000;

  private SearchPlan() {}

  /**
   * Returns the walks of a search; their results are merged. Only walks by id are several.
   *
   * @param filter without ages
   * @param after the position behind which to begin
   */
  static List<SearchWalk> of(Session session, JobFilter filter, Optional<PageCursor> after) {
    List<SearchWalk> plain = SearchWalk.of(filter, after);
    if (filter.order() != JobOrder.CREATED) {
      return plain;
    }
    List<List<SearchWalk>> choices = alongTags(filter, after);
    choices.addAll(alongFields(session, filter, after, plain));
    if (choices.isEmpty()) {
      return plain;
    }
    if (plain.stream().noneMatch(SearchWalk::isOfEveryJob)) {
      choices.add(plain);
    }
    return shortest(session, choices);
  }

  private static List<List<SearchWalk>> alongTags(JobFilter filter, Optional<PageCursor> after) {
    List<List<SearchWalk>> choices = new ArrayList<>();
    for (String tag : filter.allTags()) {
      addTags(choices, Set.of(tag), filter, after);
    }
    addTags(choices, filter.anyTags(), filter, after);
    return choices;
  }

  private static void addTags(
      List<List<SearchWalk>> choices,
      Set<String> tags,
      JobFilter filter,
      Optional<PageCursor> after) {
    if (!tags.isEmpty() && tags.stream().allMatch(IndexedValue::isIndexed)) {
      List<IndexedValue> values = tags.stream().map(IndexedValue::tag).toList();
      choices.add(SearchWalk.along(values, filter, after));
    }
  }

  /**
   * The fields that are indexed in all queues of the filter, each with the jobs before its index.
   */
  private static List<List<SearchWalk>> alongFields(
      Session session, JobFilter filter, Optional<PageCursor> after, List<SearchWalk> plain) {
    List<List<SearchWalk>> choices = new ArrayList<>();
    if (filter.queues().isEmpty()) {
      return choices;
    }
    for (FieldMatch match : filter.fields()) {
      Optional<JobId> reach = FieldIndexes.reach(session, filter.queues(), match.field());
      if (reach.isPresent()) {
        List<IndexedValue> values = new ArrayList<>();
        values.add(IndexedValue.of(match.field(), match.value()));
        values.add(IndexedValue.many(match.field()));
        FieldIndexes.withUnindexed(session, filter.queues())
            .forEach(queue -> values.add(IndexedValue.unindexed(queue)));
        List<SearchWalk> walks = new ArrayList<>(SearchWalk.along(values, filter, after));
        if (!reach.get().equals(FieldIndexes.FIRST)) {
          walks.addAll(SearchWalk.before(plain, reach.get()));
        }
        choices.add(walks);
      }
    }
    return choices;
  }

  private static List<SearchWalk> shortest(Session session, List<List<SearchWalk>> choices) {
    List<SearchWalk> shortest = choices.get(0);
    long fewest = choices.size() == 1 ? 0 : jobs(session, shortest, COUNTED_MAX);
    for (List<SearchWalk> choice : choices.subList(1, choices.size())) {
      long jobs = jobs(session, choice, fewest);
      if (jobs < fewest) {
        fewest = jobs;
        shortest = choice;
      }
    }
    return shortest;
  }

  /** Counts the jobs of these walks, up to a maximum. */
  private static long jobs(Session session, List<SearchWalk> walks, long most) {
    long jobs = 0;
    for (SearchWalk walk : walks) {
      if (jobs < most) {
        jobs += walk.count(session, walk.first(), walk.last(), (int) (most - jobs));
      }
    }
    return jobs;
  }
}
