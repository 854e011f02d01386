package dev.holdfast.examples.kotlin

import dev.holdfast.Holdfast
import java.time.Duration

// snippet: shop
data class Order(val id: String, val cents: Int, val gift: Boolean = false)

data class Receipt(val number: String)

val charge = jobType<Order, Receipt>("charge")

fun register(holdfast: Holdfast) {
    holdfast.handle(charge) { order, job ->
        val number = job.step<String>("charge") { "R-${order.id}" }
        holdfast.queue().enqueue("mail", "receipt $number") { `in`(Duration.ofDays(1)) }
        Receipt(number)
    }
    holdfast.handle<String>("mail") { text, job -> job.log(text) }
}

fun order(holdfast: Holdfast, order: Order) =
    holdfast.queue().enqueue(charge, order) { unique(order.id) }.id()
// end

/** Charges one order; the queue's file is the first argument. */
fun main(args: Array<String>) {
    Holdfast.open(args.firstOrNull() ?: "jobs.db").use { holdfast ->
        register(holdfast)
        holdfast.start()
        val id = order(holdfast, Order("A-1", 500))
        println(holdfast.await(id, Duration.ofSeconds(30)).get().resultOrNull<Receipt>())
    }
}
