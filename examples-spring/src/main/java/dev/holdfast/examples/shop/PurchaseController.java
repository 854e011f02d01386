package dev.holdfast.examples.shop;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Purchases over HTTP. */
@RestController
public class PurchaseController {
  private final Counter counter;

  PurchaseController(Counter counter) {
    this.counter = counter;
  }

  /** Makes a purchase and returns its number. */
  @PostMapping("/purchases")
  @ResponseStatus(HttpStatus.CREATED)
  public long buy(
      @RequestParam("customer") String customer, @RequestParam("article") String article) {
    return counter.buy(customer, article).getId();
  }

  /** Describes the error. */
  @ExceptionHandler(IllegalArgumentException.class)
  @ResponseStatus(HttpStatus.BAD_REQUEST)
  public String refused(IllegalArgumentException refused) {
    return String.valueOf(refused.getMessage());
  }
}
