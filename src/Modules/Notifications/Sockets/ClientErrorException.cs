namespace Modular.Notifications.Sockets;

/// <summary>The client asked for what it cannot have. Each protocol says so in its own way.</summary>
/// <param name="code">As the problem types have it.</param>
internal sealed class ClientErrorException(string code, string sentence) : Exception(sentence)
{
    public string Code => code;
}
