using System.Text;

namespace Modular.Kernel.Documents;

internal static class Sql
{
    /// <summary><c>RoomId</c> becomes <c>room_id</c>.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
