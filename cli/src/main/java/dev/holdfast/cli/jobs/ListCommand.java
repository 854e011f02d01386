package dev.holdfast.cli.jobs;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobQueue;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.check.Limits;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Secrets;
import dev.holdfast.cli.options.Selection;
import dev.holdfast.cli.options.ShownIds;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Watch;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.wire.JobJson;
import dev.holdfast.search.JobOrder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast list}. */
@Command(
    name = "list",
    header = "Searches for jobs and lists them.",
    description = {
      "%nNewest first unless sorted otherwise. A search looks at 100,000 jobs at most, and says so"
          + " if it stopped there."
    })
public final class ListCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Mixin private Selection selection = new Selection();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number of jobs. Default: 100.")
  private long limit = 100;

  @Option(
      names = "--sort",
      paramLabel = "ORDER",
      description =
          "created (default): newest first; finished: the newest end first; run_at: soonest first,"
              + " for --state SCHEDULED.")
  private JobOrder order = JobOrder.CREATED;

  @Option(
      names = "--columns",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "The columns of the table: ${COMPLETION-CANDIDATES}. On a terminal without this option,"
              + " empty columns are left out, and so many others that a row fits; ids are"
              + " shortened there.")
  private List<JobColumn> columns = List.of();

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description = "Continues a search that stopped at its limit.")
  private @Nullable String after;

  @Mixin private Secrets secrets = new Secrets();

  @Mixin private Watch watch = new Watch();

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  public ListCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new InvalidRequestException("--limit must be at least 1, was " + limit);
    }
    watch.refuse(isJson);
    JobFilter filter = selection.filter(Set.of()).sortedBy(order);
    filter.checkOrder();
    Redaction redaction = secrets.redaction(db);
    try (OpenQueue opened = db.openExistingQueue()) {
      return watch.show(console, false, shown -> list(opened.queue(), filter, redaction, shown));
    }
  }

  /** Lists page by page; a search that stopped at its limit is continued only on request. */
  private void list(JobQueue queue, JobFilter filter, Redaction redaction, Console shown) {
    Optional<PageCursor> next = Optional.ofNullable(after).map(PageCursor::parse);
    long left = limit;
    do {
      Page<Job> page =
          queue.list(filter, new PageRequest((int) Math.min(left, Limits.PAGE_MAX), next));
      print(page.items(), redaction, shown);
      left -= page.items().size();
      next = page.next();
      if (!page.complete()) {
        shown.say(
            "searched %,d jobs: narrow the time with --since, or continue with --after %s"
                .formatted(page.searched(), next.map(PageCursor::toString).orElse("")));
        return;
      }
    } while (left > 0 && next.isPresent());
  }

  private void print(List<Job> jobs, Redaction redaction, Console shown) {
    if (isJson) {
      jobs.forEach(job -> shown.line(Json.write(JobJson.of(job, redaction))));
      return;
    }
    Instant now = console.time().now();
    ShownIds ids = ShownIds.of(shown, jobs.stream().map(Job::id).toList());
    List<JobColumn> wanted = columns.isEmpty() ? JobColumn.USUAL : columns;
    Table table = new Table(wanted.stream().map(Enum::name).toArray(String[]::new));
    if (columns.isEmpty()) {
      table.givingWay("PRIO", "PROGRESS", "WAIT", "ATTEMPT", "QUEUE");
    }
    for (Job job : jobs) {
      table.add(wanted.stream().map(column -> column.of(job, ids, redaction, now)).toList());
    }
    if (!table.isEmpty()) {
      table.print(shown);
    }
  }
}
