package dev.holdfast.http.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.holdfast.Job;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import java.util.List;
import java.util.Optional;

/**
 * Wire form of a {@link Page} of jobs.
 *
 * @param next where the next page begins; null at the end
 * @param searched the number of jobs looked at; missing if it is that of the jobs
 * @param complete whether all matching jobs were found; missing if it is certain
 */
public record JobPageJson(
    List<JobJson> jobs,
    Optional<PageCursor> next,
    @JsonInclude(Include.NON_ABSENT) Optional<Long> searched,
    @JsonInclude(Include.NON_ABSENT) Optional<Boolean> complete) {

  /** Returns the answer to a search. */
  public static JobPageJson of(List<JobJson> jobs, Page<Job> page) {
    return new JobPageJson(
        jobs, page.next(), Optional.of(page.searched()), Optional.of(page.complete()));
  }

  /** Returns a page of jobs that were not searched for. */
  public static JobPageJson unsearched(List<JobJson> jobs, Page<Job> page) {
    return new JobPageJson(jobs, page.next(), Optional.empty(), Optional.empty());
  }

  /** Returns the page. */
  public Page<Job> page() {
    List<Job> items = jobs.stream().map(JobJson::job).toList();
    return new Page<>(
        items, next, searched.orElse((long) items.size()), complete.orElse(searched.isEmpty()));
  }
}
