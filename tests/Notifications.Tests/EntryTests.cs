using System.Text;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Tests;

public sealed class EntryTests
{
    private readonly FakeLog log = new();

    [Fact]
    public void An_event_is_written_with_its_data_untouched_and_its_time_in_utc() => Assert.Equal(
        """{"seq":1,"type":"thing.happened","at":"2026-01-01T12:00:00Z","data":{ "text" : "Grüße <b>" }}""",
        Encoding.UTF8.GetString(Entry.Of(log.Append("test/a", data: """{ "text" : "Grüße <b>" }""")).Json));

    [Fact]
    public async Task A_redaction_leaves_only_the_id_of_earlier_events_of_its_subject()
    {
        var subject = Guid.CreateVersion7();
        var told = 0;
        var order = new Sequencer(() => told++);
        order.Start(await log.ReadAsync("test/a", 0, 1, CancellationToken.None));
        order.Take(Entry.Of(log.Append("test/a", subject, """{"text":"secret"}""")));
        order.Take(Entry.Of(log.Append("test/a")));
        order.Take(Entry.Of(log.Append("test/a", subject, """{"id":"gone"}""", redacts: true)));

        var texts = new long[] { 1, 2, 3 }.Select(seq => Encoding.UTF8.GetString(order.Ring[seq].Json)).ToList();
        Assert.EndsWith(",\"data\":{\"id\":\"" + subject + "\"}}", texts[0]);
        Assert.Contains("\"text\":\"a\"", texts[1]);
        Assert.Contains("gone", texts[2]);
        Assert.Equal(1, told);
    }

    [Theory]
    [InlineData("test/a", true)]
    [InlineData("questions/0197/moderation", true)]
    [InlineData("test", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    [InlineData("a//b", false)]
    [InlineData("a/b c", false)]
    [InlineData("a/ä", false)]
    [InlineData("a/\0", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Stream_names_are_checked(string? name, bool valid) => Assert.Equal(valid, StreamName.IsValid(name));

    [Fact]
    public void A_name_has_at_most_two_hundred_characters() => Assert.False(StreamName.IsValid("a/" + new string('b', 199)));
}
