package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobType;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** A type that was renamed and whose payload has changed, with old jobs still in the queue. */
public final class Versions {
  private Versions() {}

  // snippet: record
  record Mail(String to, List<String> copies) {}

  // end

  /**
   * Prints the result of a job with the old name and payload; the queue's file is the first
   * argument.
   */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    System.out.println(oldMail(args.length > 0 ? args[0] : "jobs.db"));
  }

  static String oldMail(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      JobId id = holdfast.enqueue(NewJob.of("send-mail", "ada@example.org")).id();
      // snippet: type
      JobType<Mail, String> mail =
          JobType.of("mail", Mail.class, String.class)
              .aliases("send-mail") // its name until last year
              .upcast(1, old -> Map.of("to", old, "copies", List.of())); // it was a text
      holdfast.handle(mail, (letter, job) -> "to " + letter.to());
      // end
      holdfast.start();
      return holdfast.queue().await(id, mail, Duration.ofSeconds(30)).get().orElseThrow();
    }
  }
}
