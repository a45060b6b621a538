using System.Security.Cryptography;

namespace Modular.Users.Guests;

/// <summary>A name for somebody who has not said theirs: two kind words, easy to tell apart in a list.</summary>
internal static class FriendlyName
{
    private static readonly string[] Manners =
    [
        "Amber", "Bold", "Brave", "Bright", "Calm", "Cheerful", "Clever", "Cosy", "Curious", "Daring", "Eager", "Early", "Fair", "Gentle",
        "Golden", "Happy", "Honest", "Humble", "Jolly", "Keen", "Kind", "Lively", "Lucky", "Mellow", "Merry", "Nimble", "Noble", "Patient",
        "Playful", "Proud", "Quick", "Quiet", "Sharp", "Silver", "Sunny", "Swift", "Tidy", "Warm", "Wise", "Witty",
    ];

    private static readonly string[] Animals =
    [
        "Badger", "Beaver", "Bison", "Crane", "Deer", "Dolphin", "Falcon", "Finch", "Fox", "Gecko", "Hare", "Hedgehog", "Heron", "Ibex",
        "Jay", "Kestrel", "Koala", "Lark", "Lemur", "Lynx", "Marten", "Mole", "Moose", "Newt", "Otter", "Owl", "Panda", "Penguin", "Puffin",
        "Raven", "Robin", "Seal", "Sparrow", "Squirrel", "Stork", "Swan", "Tapir", "Tern", "Turtle", "Wren",
    ];

    public static string Any() => $"{Pick(Manners)} {Pick(Animals)}";

    private static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
