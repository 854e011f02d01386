package dev.holdfast.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.http.Redaction;
import dev.holdfast.spi.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The live screen over a real queue, without a terminal. */
@Tag("R-77")
final class ScreenTest {
  @TempDir Path folder;
  private Holdfast holdfast;
  private JobQueue queue;
  private JobId failed;
  private Screen screen;

  @BeforeEach
  void fill() throws Exception {
    holdfast = new Cli(folder).open();
    queue = holdfast.queue();
    holdfast.handle(
        "fails",
        Integer.class,
        (number, job) -> {
          throw new NotRetryableException("no host\u001b[31m answers");
        });
    holdfast.start();
    failed = queue.enqueue(NewJob.of("fails", 1)).id();
    queue.await(failed, Duration.ofSeconds(30)).get();
    queue.enqueue(List.of(NewJob.of("mail", 1).on("z"), NewJob.of("mail", 2).on("z")));
    queue.enqueue(NewJob.of("report", 1).on("m"));
    screen = new Screen(Redaction.none(), "");
    show();
  }

  @AfterEach
  void close() {
    holdfast.close();
  }

  private void show() {
    screen.show(Snapshot.read(queue, new SystemTime()));
  }

  private List<String> lines() {
    return screen.lines(100, 40, "", true).stream().map(StyledLine::text).toList();
  }

  /** Returns the first words of the rows below a heading. */
  private List<String> rows(String heading) {
    List<String> all = lines();
    int first = all.indexOf(all.stream().filter(l -> l.startsWith(heading)).findFirst().get());
    return all.subList(first + 1, all.size()).stream()
        .takeWhile(line -> !line.isBlank())
        .map(line -> line.split(" ", 2)[0])
        .toList();
  }

  private String footer() {
    return lines().get(39);
  }

  private Optional<Wish> press(Key... keys) {
    Optional<Wish> last = Optional.empty();
    for (Key key : keys) {
      last = screen.press(key, "");
    }
    return last;
  }

  private Optional<Wish> type(String text) {
    return screen.press(Key.TEXT, text);
  }

  @ParameterizedTest
  @CsvSource({"80,24", "160,50", "40,10", "20,5"})
  void fits_in_a_terminal_of_any_size(int columns, int rows) {
    for (Key key : List.of(Key.REFRESH, Key.HELP)) {
      press(key);
      List<StyledLine> lines = screen.lines(columns, rows, " every 2.0s", true);

      assertThat(lines).hasSize(rows).allMatch(line -> line.width() <= columns);
    }
  }

  @Test
  void shows_queues_nodes_and_dead_letters() {
    assertThat(rows("QUEUE")).startsWith("z", "m");
    assertThat(rows("NODE")).hasSize(1);
    assertThat(rows("FAILED")).containsExactly(failed.toString().substring(0, 18));
    assertThat(lines())
        .anyMatch(line -> line.startsWith("RUNNING  none"))
        .anyMatch(line -> line.contains("no host·[31m answers"))
        .anyMatch(line -> line.matches("pending 3 .*failed 1.*"));
  }

  @Test
  void sorts_the_pane_in_focus() {
    press(Key.SORT, Key.SORT, Key.SORT);

    assertThat(footer()).contains("s by name");
    assertThat(rows("QUEUE")).containsSubsequence("m", "z");
  }

  @Test
  void shows_only_rows_with_the_text_of_the_filter() {
    press(Key.FILTER);
    type("Z");

    assertThat(rows("QUEUE")).containsExactly("z");
    assertThat(rows("FAILED")).isEmpty();
    assertThat(footer()).startsWith("filter: Z");

    press(Key.ERASE, Key.ENTER);
    assertThat(rows("FAILED")).hasSize(1);
    assertThat(screen.mode()).isEqualTo(Screen.Mode.BROWSING);
  }

  @Test
  void stays_as_it_is_while_it_is_frozen() {
    press(Key.FREEZE);
    queue.enqueue(NewJob.of("report", 1).on("new"));
    show();

    assertThat(rows("QUEUE")).doesNotContain("new");
    assertThat(lines().get(0)).contains("frozen at");

    press(Key.FREEZE);
    show();
    assertThat(rows("QUEUE")).contains("new");
  }

  @Test
  void pauses_the_chosen_queue_after_a_question() {
    assertThat(press(Key.DOWN, Key.PAUSE)).isEmpty();
    assertThat(footer()).startsWith("pause queue 'm'?");
    assertThat(type("n")).isEmpty();

    press(Key.PAUSE);
    Wish.SetPaused wish = (Wish.SetPaused) type("y").orElseThrow();
    assertThat(wish.apply(queue, "ada")).isEqualTo("queue 'm' is paused");
    show();
    assertThat(lines()).anyMatch(line -> line.startsWith("m ") && line.contains("by ada"));

    press(Key.PAUSE);
    assertThat(footer()).startsWith("resume queue 'm'?");
  }

  @Test
  void keeps_a_row_chosen_where_it_goes() {
    press(Key.DOWN);
    queue.enqueue(
        List.of(NewJob.of("a", 1).on("m"), NewJob.of("a", 2).on("m"), NewJob.of("a", 3).on("m")));
    show();

    assertThat(rows("QUEUE")).startsWith("m", "z");
    press(Key.PAUSE);
    assertThat(footer()).startsWith("pause queue 'm'?");
  }

  @Test
  void opens_a_job_and_goes_back() {
    Wish.Open wish = (Wish.Open) press(Key.PREVIOUS_PANE, Key.ENTER).orElseThrow();
    assertThat(wish.job()).isEqualTo(failed);

    screen.open(JobPage.read(queue, wish.job(), Redaction.none()));
    assertThat(lines())
        .contains("job " + failed, "state     FAILED")
        .anyMatch(line -> line.startsWith("failure") && line.contains("no host·[31m answers"))
        .anyMatch(line -> line.startsWith("why "));

    press(Key.BACK);
    assertThat(rows("FAILED")).hasSize(1);
  }

  @Test
  void says_so_while_the_queue_cannot_be_read() {
    screen.showOutage("the database does not answer");
    assertThat(lines()).contains("the database does not answer; trying again");

    show();
    assertThat(lines()).noneMatch(line -> line.contains("does not answer"));
  }
}
