package dev.holdfast.examples.kotlin

import dev.holdfast.Holdfast
import dev.holdfast.JobFilter
import dev.holdfast.JobState
import dev.holdfast.PageRequest
import dev.holdfast.test.HoldfastExtension
import java.nio.file.Path
import java.time.Duration
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import org.junit.jupiter.api.io.TempDir

class ShopTest {
    @JvmField @RegisterExtension val test = HoldfastExtension { register(it) }

    @Test
    fun `a receipt is the result and is mailed a day later`() {
        val id = order(test.holdfast(), Order("A-1", 500, gift = true))

        test.advance(Duration.ofDays(1))

        val job = test.holdfast().find(id).orElseThrow()
        assertThat(job.resultOrNull<Receipt>()).isEqualTo(Receipt("R-A-1"))
        assertThat(job.payload()).isEqualTo("""{"id":"A-1","cents":500,"gift":true}""")
        assertThat(jobs("mail").map { it.state() }).containsExactly(JobState.COMPLETED)
    }

    @Test
    fun `an order is charged once`() {
        val first = order(test.holdfast(), Order("A-1", 500))
        val second = order(test.holdfast(), Order("A-1", 500))

        assertThat(second).isEqualTo(first)
    }

    @Test
    fun `the program runs on a file`(@TempDir folder: Path) {
        val file = folder.resolve("jobs.db").toString()

        main(arrayOf(file))

        Holdfast.openExisting(file).use {
            val charged = it.queue().list(JobFilter.all().type("charge"), PageRequest.first(10)).items()
            assertThat(charged.single().state()).isEqualTo(JobState.COMPLETED)
        }
    }

    private fun jobs(type: String) =
        test.holdfast().queue().list(JobFilter.all().type(type), PageRequest.first(10)).items()
}
