package dev.holdfast.examples;

import dev.holdfast.Batch;
import dev.holdfast.Enqueued;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.JobType;
import dev.holdfast.NewJob;
import dev.holdfast.error.NotRetryableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;

/**
 * Reads the PDF files of a folder, each in its own job, and then reports on all of them. You can
 * kill it at any time: files that were read are not read again.
 */
public final class DocumentPipeline {
  private static final Duration WAIT = Duration.ofMinutes(10);

  private DocumentPipeline() {}

  /** The result for one file. */
  public record Extract(String file, int pages, int words) {}

  /** The result for all files. */
  public record Report(int files, int unreadable, int pages, int words) {}

  /** Prints the report on the folder of the first argument; the second is the queue's file. */
  public static void main(String[] args)
      throws IOException, ExecutionException, InterruptedException {
    System.out.println(report(args.length > 1 ? args[1] : "jobs.db", Path.of(args[0])));
  }

  static String report(String database, Path folder)
      throws IOException, ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(database)) {
      holdfast.handle(
          JobType.of("extract", String.class)
              .policy(HandlerPolicy.defaults().timeout(Duration.ofMinutes(1))),
          (file, job) -> extract(Path.of(file)));
      holdfast.handle("report", String.class, (title, job) -> report(job));
      holdfast.start();
      List<NewJob> extracts =
          files(folder).stream().map(file -> NewJob.of("extract", file).group("papers")).toList();
      // snippet: pipeline
      List<Enqueued> jobs =
          holdfast
              .queue()
              .enqueue(
                  Batch.of(extracts).thenInAnyCase(NewJob.of("report", "papers").group("papers")));
      // end
      JobId report = jobs.get(jobs.size() - 1).id();
      return holdfast.await(report, WAIT).get().result().orElseThrow();
    }
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".pdf")).sorted().toList();
    }
  }

  private static Extract extract(Path file) throws IOException {
    try (PDDocument document = Loader.loadPDF(file.toFile())) {
      String text = new PDFTextStripper().getText(document);
      return new Extract(file.toString(), document.getNumberOfPages(), words(text));
    } catch (IOException broken) {
      if (Files.isReadable(file)) {
        throw new NotRetryableException("not a PDF file: " + file, broken);
      }
      throw broken; // it may be there next time
    }
  }

  private static int words(String text) {
    return (int) Stream.of(text.split("\\s+", -1)).filter(word -> !word.isEmpty()).count();
  }

  private static Report report(JobContext job) {
    long failed = job.predecessors().filter(before -> before.state() != JobState.COMPLETED).count();
    List<Extract> extracts = job.results(Extract.class).toList();
    return new Report(
        extracts.size(),
        (int) failed,
        extracts.stream().mapToInt(Extract::pages).sum(),
        extracts.stream().mapToInt(Extract::words).sum());
  }
}
