using System.Text;
using System.Text.Json;
using Modular.Kernel.Web;

namespace Modular.Kernel.Tests.Web;

public sealed class PureRuleTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("äöü €", "")]
    [InlineData("a\r\nSet-Cookie: b", "aSet-Cookieb")]
    [InlineData("ok.id-1_2@x", "ok.id-1_2@x")]
    public void Request_ids_keep_only_the_allowed_characters(string sent, string kept) => RequestIds.Clean(sent).ShouldBe(kept);

    [Fact]
    public void Request_ids_are_cut_at_255_after_cleaning()
    {
        RequestIds.Clean(new string('a', 300)).ShouldBe(new string('a', 255));
        RequestIds.Clean("/" + new string('a', 255)).ShouldBe(new string('a', 255));
    }

    [Theory]
    [InlineData("plain", false)]
    [InlineData("\\u0000", true)]
    [InlineData("\\\\u0000", false)]
    [InlineData("\\\\\\u0000", true)]
    [InlineData("\\ud83d\\ude00", false)]
    [InlineData("\\uD83D\\uDE00", false)]
    [InlineData("\\ud83d", true)]
    [InlineData("\\ud83dx", true)]
    [InlineData("\\ud83d\\n\\ude00", true)]
    [InlineData("\\ude00", true)]
    [InlineData("\\ud83d\\ud83d\\ude00", true)]
    [InlineData("\\u00e9\\t\\\"😀", false)]
    public void Text_that_cannot_be_stored_is_found_in_JSON(string inside, bool bad)
    {
        var json = Encoding.UTF8.GetBytes($"{{\"a\":\"{inside}\"}}");
        if (bad)
            Should.Throw<InvalidTextException>(() => InvalidText.ThrowInJson(json)).Field.ShouldBe("a");
        else
            InvalidText.ThrowInJson(json);
    }

    [Fact]
    public void What_passes_the_check_can_be_read_and_what_does_not_cannot()
    {
        foreach (var unit in Enumerable.Range(0xD7FF, 0x802))
        {
            var json = Encoding.UTF8.GetBytes($"\"\\u{unit:x4}\"");
            Exception? check = Record.Exception(() => InvalidText.ThrowInJson(json));
            Exception? read = Record.Exception(() => JsonSerializer.Deserialize<string>(json));
            (check is null).ShouldBe(read is null, $"{unit:x4}");
        }
    }

    [Fact]
    public void Decoded_text_is_checked_alike()
    {
        InvalidText.In("a\0").ShouldBeTrue();
        InvalidText.In("\ud800").ShouldBeTrue();
        InvalidText.In("\ud800x").ShouldBeTrue();
        InvalidText.In("\udc00").ShouldBeTrue();
        InvalidText.In("\ud83d\ude00").ShouldBeFalse();
        InvalidText.In("").ShouldBeFalse();
    }

    [Fact]
    public void An_etag_is_the_version_and_a_hash_of_what_is_shown()
    {
        var etag = Etag.Of(7, "{\"mine\":true}"u8);
        etag.ShouldMatch("^\"7-[A-Za-z0-9_-]{16}\"$");
        Etag.Of(7, "{\"mine\":true}"u8).ShouldBe(etag);
        Etag.Of(7, "{\"mine\":false}"u8).ShouldNotBe(etag);
        Etag.Of(8, "{\"mine\":true}"u8)[3..].ShouldBe(etag[3..]);
    }

    [Theory]
    [InlineData("\"7-x\"", true)]
    [InlineData("W/\"7-x\"", true)]
    [InlineData("\"6-x\", \"7-y\"", true)]
    [InlineData("*", true)]
    [InlineData("\"6-x\"", false)]
    [InlineData("\"77-x\"", false)]
    [InlineData("\"7\"", false)]
    [InlineData("rubbish", false)]
    public void If_Match_compares_the_version(string sent, bool matches) => Etag.Matches(sent, 7).ShouldBe(matches);

    [Theory]
    [InlineData("\"7-x\"", true)]
    [InlineData("W/\"7-x\"", true)]
    [InlineData("\"1-a\", \"7-x\"", true)]
    [InlineData("*", true)]
    [InlineData("\"7-y\"", false)]
    [InlineData("7-x", false)]
    public void If_None_Match_compares_the_whole_tag(string sent, bool known) => Etag.IsKnown(sent, "\"7-x\"").ShouldBe(known);

    [Theory]
    [InlineData("refreshToken", "Refresh token", "refresh-token-required")]
    [InlineData("body", "Body", "body-required")]
    [InlineData("inner.id", "Inner id", "inner-id-required")]
    public void Fields_have_words_and_types(string field, string words, string type)
    {
        FieldWords.Sentence(field).ShouldBe(words);
        FieldWords.RequiredType(field).ShouldBe(type);
    }
}
